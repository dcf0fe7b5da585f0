using System.Collections.Frozen;

namespace Forethought.PromQL.Functions;

/// <summary>The functions that map each float of an instant vector to one float. Each loops over the steps itself, so that a step costs no call.</summary>
internal static class MathFunctions
{
    private static readonly FrozenDictionary<string, StepMap> ByName = new Dictionary<string, StepMap>
    {
        ["abs"] = static (values, _) => { foreach (ref double x in values) x = Math.Abs(x); },
        ["acos"] = static (values, _) => { foreach (ref double x in values) x = ElementaryMath.Acos(x); },
        ["acosh"] = static (values, _) => { foreach (ref double x in values) x = Math.Acosh(x); },
        ["asin"] = static (values, _) => { foreach (ref double x in values) x = ElementaryMath.Asin(x); },
        ["asinh"] = static (values, _) => { foreach (ref double x in values) x = Math.Asinh(x); },
        ["atan"] = static (values, _) => { foreach (ref double x in values) x = ElementaryMath.Atan(x); },
        ["atanh"] = static (values, _) => { foreach (ref double x in values) x = Math.Atanh(x); },
        ["ceil"] = static (values, _) => { foreach (ref double x in values) x = Math.Ceiling(x); },
        ["clamp"] = static (values, scalars) => Clamp(values, scalars[0], scalars[1]),
        ["clamp_max"] = static (values, scalars) => ClampMax(values, scalars[0]),
        ["clamp_min"] = static (values, scalars) => ClampMin(values, scalars[0]),
        ["cos"] = static (values, _) => { foreach (ref double x in values) x = Trigonometry.Cos(x); },
        ["cosh"] = static (values, _) => { foreach (ref double x in values) x = Trigonometry.Cosh(x); },
        ["deg"] = static (values, _) => { foreach (ref double x in values) x = x * 180 / Math.PI; },
        ["exp"] = static (values, _) => { foreach (ref double x in values) x = ElementaryMath.Exp(x); },
        ["floor"] = static (values, _) => { foreach (ref double x in values) x = Math.Floor(x); },
        ["ln"] = static (values, _) => { foreach (ref double x in values) x = ElementaryMath.Log(x); },
        ["log10"] = static (values, _) => { foreach (ref double x in values) x = ElementaryMath.Log10(x); },
        ["log2"] = static (values, _) => { foreach (ref double x in values) x = ElementaryMath.Log2(x); },
        ["rad"] = static (values, _) => { foreach (ref double x in values) x = x * Math.PI / 180; },
        ["round"] = static (values, scalars) => Round(values, scalars.Length > 0 ? scalars[0] : null),
        ["sgn"] = static (values, _) => { foreach (ref double x in values) x = x < 0 ? -1 : x > 0 ? 1 : x; },
        ["sin"] = static (values, _) => { foreach (ref double x in values) x = Trigonometry.Sin(x); },
        ["sinh"] = static (values, _) => { foreach (ref double x in values) x = Trigonometry.Sinh(x); },
        ["sqrt"] = static (values, _) => { foreach (ref double x in values) x = Math.Sqrt(x); },
        ["tan"] = static (values, _) => { foreach (ref double x in values) x = Trigonometry.Tan(x); },
        ["tanh"] = static (values, _) => { foreach (ref double x in values) x = Trigonometry.Tanh(x); },
    }.ToFrozenDictionary();

    /// <summary>The function with a name, null if there is none of this kind.</summary>
    public static StepMap? Find(string name) => ByName.GetValueOrDefault(name);

    private static void Clamp(Span<double> values, double[] least, double[] greatest)
    {
        for (int s = 0; s < values.Length; s++)
            values[s] = GoMath.Max(least[s], GoMath.Min(greatest[s], values[s]));
    }

    private static void ClampMax(Span<double> values, double[] greatest)
    {
        for (int s = 0; s < values.Length; s++)
            values[s] = GoMath.Max(double.NegativeInfinity, GoMath.Min(greatest[s], values[s]));
    }

    private static void ClampMin(Span<double> values, double[] least)
    {
        for (int s = 0; s < values.Length; s++)
            values[s] = GoMath.Max(least[s], GoMath.Min(double.PositiveInfinity, values[s]));
    }

    // Multiplying with the inverse is closer than dividing (0.1), and is what upstream does.
    private static void Round(Span<double> values, double[]? toNearest)
    {
        for (int s = 0; s < values.Length; s++)
        {
            double inverse = 1.0 / (toNearest is null ? 1 : toNearest[s]);
            values[s] = Math.Floor((values[s] * inverse) + 0.5) / inverse;
        }
    }
}
