using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>
/// Elementary functions by the algorithms of Go's <c>math</c> on amd64, so that results are the same to the last bit: logarithm
/// and power of two after FreeBSD's msun (<c>e_log.c</c>, <c>e_exp.c</c>), the exponential after N. Shibata, "Efficient
/// evaluation methods of elementary functions suitable for SIMD computation" (2010, with fused operations), the arc tangent
/// after the Cephes library (<c>atan.c</c>). All are within one unit in the last place.
/// </summary>
internal static class ElementaryMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>The natural logarithm. Subnormal numbers are taken for their mantissa at the smallest normal exponent, as in Go.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || double.IsPositiveInfinity(x))
            return x;
        if (x == 0)
            return double.NegativeInfinity;
        if (x < 0)
            return StaleMarker.NormalNaN;
        long bits = BitConverter.DoubleToInt64Bits(x);
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FE0_0000_0000_0000);
        double k = (int)(bits >> 52) - 0x3FE;
        if (mantissa < 7.07106781186547524401e-01)
        {
            k--;
            mantissa *= 2;
        }

        double f = mantissa - 1;
        double s = f / (2 + f);
        double s2 = s * s;
        double s4 = s2 * s2;
        double odd = s2 * (6.666666666666735130e-01 + (s4 * (2.857142874366239149e-01
            + (s4 * (1.818357216161805012e-01 + (s4 * 1.479819860511658591e-01))))));
        double even = s4 * (3.999999999940941908e-01 + (s4 * (2.222219843214978396e-01 + (s4 * 1.531383769920937332e-01))));
        double r = odd + even;
        double half = 0.5 * f * f;
        return (k * Ln2High) - (half - ((s * (half + r)) + (k * Ln2Low)) - f);
    }

    /// <summary>The binary logarithm; exact for powers of two.</summary>
    public static double Log2(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
            return Log(x);
        int exponent = Math.ILogB(x) + 1;
        double fraction = Math.ScaleB(x, -exponent);
        return fraction == 0.5 ? exponent - 1 : (Log(fraction) * 1.44269504088896340735992468100189214) + exponent;
    }

    /// <summary>The decimal logarithm.</summary>
    public static double Log10(double x) => Log(x) * 0.434294481903251827651128918916605082;

    /// <summary>Two to the power of <paramref name="x"/>.</summary>
    public static double Exp2(double x)
    {
        if (double.IsNaN(x) || double.IsPositiveInfinity(x))
            return x;
        if (x > 1.0239999999999999e+03)
            return double.PositiveInfinity;
        if (x < -1.0740e+03)
            return 0;
        int k = (int)(x > 0 ? x + 0.5 : x - 0.5);
        double t = x - k;
        double high = t * Ln2High;
        double low = -t * Ln2Low;
        double r = high - low;
        double z = r * r;
        double c = r - (z * (1.66666666666666657415e-01 + (z * (-2.77777777770155933842e-03
            + (z * (6.61375632143793436117e-05 + (z * (-1.65339022054652515390e-06 + (z * 4.13813679705723846039e-08)))))))));
        double y = 1 - (low - (r * c / (2 - c)) - high);
        return Math.ScaleB(y, k);
    }

    /// <summary>The exponential.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x) || double.IsPositiveInfinity(x))
            return x;
        if (x > 7.09782712893384e+02)
            return double.PositiveInfinity;
        if (x < -7.5e+02)
            return 0;
        int k = (int)Math.Round(x * 1.4426950408889634073599246810018920, MidpointRounding.ToEven);
        double r = Math.FusedMultiplyAdd(-k, 0.69314718055966295651160180568695068359375, x);
        r = Math.FusedMultiplyAdd(-k, 0.28235290563031577122588448175013436025525412068e-12, r) * 0.0625;
        double series = 2.4801587301587301587e-5;
        series = Math.FusedMultiplyAdd(series, r, 1.9841269841269841270e-4);
        series = Math.FusedMultiplyAdd(series, r, 1.3888888888888888889e-3);
        series = Math.FusedMultiplyAdd(series, r, 8.3333333333333333333e-3);
        series = Math.FusedMultiplyAdd(series, r, 4.1666666666666666667e-2);
        series = Math.FusedMultiplyAdd(series, r, 1.6666666666666666667e-1);
        series = Math.FusedMultiplyAdd(series, r, 0.5);
        series = Math.FusedMultiplyAdd(series, r, 1.0);

        // (1 + y)² − 1 = y (y + 2), four times over, for the sixteenth that the argument was reduced to.
        double y = r * series;
        y *= y + 2;
        y *= y + 2;
        y *= y + 2;
        y = Math.FusedMultiplyAdd(y, y + 2, 1.0);
        // Go takes the exponent before it has the fraction: a result that rounds it up to 1024 is infinite even if it would fit.
        return k > 1023 ? double.PositiveInfinity : Math.ScaleB(y, k);
    }

    /// <summary>The arc tangent.</summary>
    public static double Atan(double x)
    {
        if (x == 0)
            return x;
        return x > 0 ? AtanOfPositive(x) : -AtanOfPositive(-x);
    }

    /// <summary>The angle of the point (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public static double Atan2(double y, double x)
    {
        // The special cases are those of IEEE 754, which .NET follows.
        if (!double.IsFinite(x) || !double.IsFinite(y) || x == 0 || y == 0)
            return Math.Atan2(y, x);
        double angle = Atan(y / x);
        if (x >= 0)
            return angle;
        return angle <= 0 ? angle + Math.PI : angle - Math.PI;
    }

    /// <summary>The arc sine.</summary>
    public static double Asin(double x)
    {
        if (x == 0 || double.IsNaN(x))
            return x;
        double magnitude = Math.Abs(x);
        if (magnitude > 1)
            return StaleMarker.NormalNaN;
        double cosine = Math.Sqrt(1 - (magnitude * magnitude));
        double angle = magnitude > 0.7 ? (Math.PI / 2) - AtanOfPositive(cosine / magnitude) : AtanOfPositive(magnitude / cosine);
        return x < 0 ? -angle : angle;
    }

    /// <summary>The arc cosine.</summary>
    public static double Acos(double x) => (Math.PI / 2) - Asin(x);

    /// <summary>
    /// <paramref name="x"/> to the power of <paramref name="y"/>: the fraction of the exponent by logarithm, its whole part by
    /// repeated squaring of the mantissa.
    /// </summary>
    public static double Pow(double x, double y)
    {
        // The special cases are those of IEEE 754, which .NET follows.
        if (!double.IsFinite(x) || !double.IsFinite(y) || x == 0 || y == 0 || x == 1)
            return Math.Pow(x, y);
        if (y == 0.5)
            return Math.Sqrt(x);
        if (y == -0.5)
            return 1 / Math.Sqrt(x);
        double magnitude = Math.Abs(y);
        double whole = Math.Truncate(magnitude);
        double fraction = magnitude - whole;
        if (whole >= 9.223372036854775808e18 || (fraction != 0 && x < 0))
            return Math.Pow(x, y);
        double result = 1;
        if (fraction != 0)
        {
            if (fraction > 0.5)
            {
                fraction--;
                whole++;
            }

            result = Exp(fraction * Log(x));
        }

        result = MultiplyPower(result, x, (long)whole, out int exponent);
        return y < 0 ? Math.ScaleB(1 / result, -exponent) : Math.ScaleB(result, exponent);
    }

    // result × x^power as a mantissa and an exponent of two.
    private static double MultiplyPower(double result, double x, long power, out int exponent)
    {
        exponent = 0;
        int baseExponent = Math.ILogB(x) + 1;
        double mantissa = Math.ScaleB(x, -baseExponent);
        for (; power != 0; power >>= 1)
        {
            if (baseExponent is < -(1 << 12) or > 1 << 12)
            {
                // Whatever the rest is, the result is zero or infinite.
                exponent += baseExponent;
                break;
            }

            if ((power & 1) == 1)
            {
                result *= mantissa;
                exponent += baseExponent;
            }

            mantissa *= mantissa;
            baseExponent <<= 1;
            if (mantissa < 0.5)
            {
                mantissa += mantissa;
                baseExponent--;
            }
        }

        return result;
    }

    private static double AtanOfPositive(double x)
    {
        // The part of π/2 that a double does not hold.
        const double moreBits = 6.123233995736765886130e-17;
        if (x <= 0.66)
            return AtanSeries(x);
        return x > 2.41421356237309504880
            ? (Math.PI / 2) - AtanSeries(1 / x) + moreBits
            : (Math.PI / 4) + AtanSeries((x - 1) / (x + 1)) + (0.5 * moreBits);
    }

    private static double AtanSeries(double x)
    {
        double z = x * x;
        double p = (((((((-8.750608600031904122785e-01 * z) - 1.615753718733365076637e+01) * z)
            - 7.500855792314704667340e+01) * z) - 1.228866684490136173410e+02) * z) - 6.485021904942025371773e+01;
        double q = ((((((((z + 2.485846490142306297962e+01) * z) + 1.650270098316988542046e+02) * z)
            + 4.328810604912902668951e+02) * z) + 4.853903996359136964868e+02) * z) + 1.945506571482613964425e+02;
        return (x * (z * p / q)) + x;
    }
}
