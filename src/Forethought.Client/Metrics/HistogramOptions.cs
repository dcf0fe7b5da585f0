namespace Forethought.Client;

/// <summary><see cref="MetricOptions"/> of histograms.</summary>
public sealed record HistogramOptions : MetricOptions
{
    /// <summary><see cref="HistogramBuckets.Default"/>, no unit, no constant labels, the system's clock.</summary>
    public static new HistogramOptions Default { get; } = new();

    /// <summary>The buckets' upper bounds, inclusive and increasing; the bucket of +Inf is added.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = HistogramBuckets.Default;

    /// <exception cref="ArgumentException">The bounds do not increase.</exception>
    internal double[] FiniteBounds()
    {
        double[] bounds = [.. Buckets];
        for (int i = 1; i < bounds.Length; i++)
        {
            if (!(bounds[i - 1] < bounds[i]))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"histogram buckets must be in increasing order: {bounds[i - 1]:F6} >= {bounds[i]:F6}"));
            }
        }

        return bounds is [.., double.PositiveInfinity] ? bounds[..^1] : bounds;
    }
}
