using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>Least squares with compensated sums, with the operations in upstream's order (<c>linearRegression</c>).</summary>
internal static class LinearRegression
{
    /// <summary>The slope a second and the value at <paramref name="originMs"/>. Constant values have the slope zero exactly, constant infinities none.</summary>
    public static (double Slope, double Intercept) Fit(ReadOnlySpan<double> values, ReadOnlySpan<long> times, long originMs)
    {
        double n = 0;
        (double sumX, double cX) = (0, 0);
        (double sumY, double cY) = (0, 0);
        (double sumXY, double cXY) = (0, 0);
        (double sumX2, double cX2) = (0, 0);
        bool constant = true;
        for (int i = 0; i < values.Length; i++)
        {
            double y = values[i];
            if (constant && i > 0 && y != values[0])
                constant = false;
            n++;
            double x = (times[i] - originMs) / 1e3;
            KahanSum.Add(x, ref sumX, ref cX);
            KahanSum.Add(y, ref sumY, ref cY);
            KahanSum.Add(x * y, ref sumXY, ref cXY);
            KahanSum.Add(x * x, ref sumX2, ref cX2);
        }

        if (constant)
            return double.IsInfinity(values[0]) ? (StaleMarker.NormalNaN, StaleMarker.NormalNaN) : (0, values[0]);
        sumX += cX;
        sumY += cY;
        sumXY += cXY;
        sumX2 += cX2;
        double covariance = sumXY - (sumX * sumY / n);
        double variance = sumX2 - (sumX * sumX / n);
        double slope = covariance / variance;
        return (slope, (sumY / n) - (slope * sumX / n));
    }
}
