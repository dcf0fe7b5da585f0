using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>Arithmetic where Go's <c>math</c> and .NET disagree in special cases.</summary>
internal static class GoMath
{
    /// <summary>The greater of two; +Inf wins over NaN.</summary>
    public static double Max(double x, double y)
    {
        if (double.IsPositiveInfinity(x) || double.IsPositiveInfinity(y))
            return double.PositiveInfinity;
        return double.IsNaN(x) || double.IsNaN(y) ? StaleMarker.NormalNaN : Math.Max(x, y);
    }

    /// <summary>The smaller of two; −Inf wins over NaN.</summary>
    public static double Min(double x, double y)
    {
        if (double.IsNegativeInfinity(x) || double.IsNegativeInfinity(y))
            return double.NegativeInfinity;
        return double.IsNaN(x) || double.IsNaN(y) ? StaleMarker.NormalNaN : Math.Min(x, y);
    }
}
