using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>
/// Circular and hyperbolic functions by the algorithms of Go's <c>math</c>, so that results are the same to the last bit: after
/// the Cephes library (<c>sin.c</c>, <c>tan.c</c>, <c>tanh.c</c>), the hyperbolic sine after Hart and Cheney, "Computer
/// Approximations", no. 2029.
/// </summary>
internal static class Trigonometry
{
    public static double Sin(double x)
    {
        if (x == 0 || double.IsNaN(x))
            return x;
        if (double.IsInfinity(x))
            return StaleMarker.NormalNaN;
        (int octant, double z) = AngleReduction.Reduce(Math.Abs(x));
        bool negative = x < 0 ^ octant > 3;
        double y = (octant & 3) == 2 ? CosSeries(z) : SinSeries(z);
        return negative ? -y : y;
    }

    public static double Cos(double x)
    {
        if (!double.IsFinite(x))
            return StaleMarker.NormalNaN;
        (int octant, double z) = AngleReduction.Reduce(Math.Abs(x));
        bool negative = octant is 2 or 4;
        double y = (octant & 3) == 2 ? SinSeries(z) : CosSeries(z);
        return negative ? -y : y;
    }

    public static double Tan(double x)
    {
        if (x == 0 || double.IsNaN(x))
            return x;
        if (double.IsInfinity(x))
            return StaleMarker.NormalNaN;
        (int octant, double z) = AngleReduction.Reduce(Math.Abs(x));
        double square = z * z;
        double y = z;
        if (square > 1e-14)
        {
            double p = (((-1.30936939181383777646e4 * square) + 1.15351664838587416140e6) * square) - 1.79565251976484877988e7;
            double q = ((((((square + 1.36812963470692954678e4) * square) - 1.32089234440210967447e6) * square)
                + 2.50083801823357915839e7) * square) - 5.38695755929454629881e7;
            y = z + (z * (square * p / q));
        }

        if ((octant & 2) == 2)
            y = -1 / y;
        return x < 0 ? -y : y;
    }

    public static double Sinh(double x)
    {
        double magnitude = Math.Abs(x);
        double y;
        if (magnitude > 21)
        {
            y = ElementaryMath.Exp(magnitude) * 0.5;
        }
        else if (magnitude > 0.5)
        {
            double power = ElementaryMath.Exp(magnitude);
            y = (power - (1 / power)) * 0.5;
        }
        else
        {
            double square = magnitude * magnitude;
            double p = (((((-0.2630563213397497062819489e+2 * square) - 0.2894211355989563807284660366e+4) * square)
                - 0.8991272022039509355398013511e+5) * square) - 0.6307673640497716991184787251e+6;
            double q = ((((square - 0.173678953558233699533450911e+3) * square) + 0.1521517378790019070696485176e+5) * square)
                - 0.6307673640497716991212077277e+6;
            y = p * magnitude / q;
        }

        return x < 0 ? -y : y;
    }

    public static double Cosh(double x)
    {
        double magnitude = Math.Abs(x);
        double power = ElementaryMath.Exp(magnitude);
        return magnitude > 21 ? power * 0.5 : (power + (1 / power)) * 0.5;
    }

    public static double Tanh(double x)
    {
        double magnitude = Math.Abs(x);
        if (magnitude > 0.5 * 8.8029691931113054295988e+01)
            return x < 0 ? -1 : 1;
        if (magnitude >= 0.625)
        {
            double y = 1 - (2 / (ElementaryMath.Exp(2 * magnitude) + 1));
            return x < 0 ? -y : y;
        }

        if (x == 0)
            return x;
        double s = x * x;
        double p = (((-9.64399179425052238628E-1 * s) - 9.92877231001918586564E1) * s) - 1.61468768441708447952E3;
        double q = ((((s + 1.12811678491632931402E2) * s) + 2.23548839060100448583E3) * s) + 4.84406305325125486048E3;
        return x + (x * s * p / q);
    }

    private static double SinSeries(double z)
    {
        double s = z * z;
        double series = (((((((((1.58962301576546568060e-10 * s) - 2.50507477628578072866e-8) * s) + 2.75573136213857245213e-6) * s)
            - 1.98412698295895385996e-4) * s) + 8.33333333332211858878e-3) * s) - 1.66666666666666307295e-1;
        return z + (z * s * series);
    }

    private static double CosSeries(double z)
    {
        double s = z * z;
        double series = (((((((((-1.13585365213876817300e-11 * s) + 2.08757008419747316778e-9) * s) - 2.75573141792967388112e-7) * s)
            + 2.48015872888517045348e-5) * s) - 1.38888888888730564116e-3) * s) + 4.16666666666665929218e-2;
        return 1.0 - (0.5 * s) + (s * s * series);
    }
}
