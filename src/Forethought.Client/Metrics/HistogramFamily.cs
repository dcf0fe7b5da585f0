namespace Forethought.Client;

/// <summary>Histograms of one name and the same buckets, told apart by labels.</summary>
public sealed class HistogramFamily : MetricFamily<Histogram>
{
    private readonly TimeProvider _timeProvider;
    private readonly double[] _bounds;

    /// <summary>A family without children, to be registered by the caller.</summary>
    /// <exception cref="ArgumentException">The name, a label or the buckets are not valid.</exception>
    public HistogramFamily(string name, string help, IReadOnlyList<string> labelNames, HistogramOptions? options = null)
        : base((options ?? HistogramOptions.Default).Describe(name, help, MetricType.Histogram, labelNames))
    {
        options ??= HistogramOptions.Default;
        _timeProvider = options.TimeProvider;
        _bounds = options.FiniteBounds();
    }

    private protected override Histogram CreateChild(string[] labels) => new(Descriptor, labels, _bounds, _timeProvider);
}
