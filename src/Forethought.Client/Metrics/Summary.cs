namespace Forethought.Client;

/// <summary>
/// Count and sum of observations, and, where <see cref="SummaryOptions.Objectives"/> ask for them, quantiles over a sliding time
/// window. Thread-safe; <see cref="Observe"/> does not allocate and takes no lock, except that with objectives one observation in
/// 256 sorts its predecessors into the quantile sketches. Count and sum are kept apart: a reader may see an observation that is under
/// way in one and not yet in the other.
/// </summary>
public sealed class Summary : Metric
{
    private readonly QuantileWindow? _window;
    private long _count;
    private double _sum;

    /// <summary>A summary without variable labels, to be registered by the caller.</summary>
    /// <exception cref="ArgumentException">The name, a constant label, an objective or the window is not valid.</exception>
    public Summary(string name, string help, SummaryOptions? options = null)
        : this((options ?? SummaryOptions.Default).Describe(name, help, MetricType.Summary), options ?? SummaryOptions.Default)
    {
    }

    internal Summary(MetricDescriptor descriptor, string[] labels, SummaryOptions options)
        : base(descriptor, labels, options.TimeProvider.GetUtcNow())
    {
        options.Validate();
        if (options.Objectives.Count > 0)
            _window = new QuantileWindow(options);
    }

    private Summary(MetricDescriptor descriptor, SummaryOptions options)
        : this(descriptor, ConstantLabels(descriptor), options)
    {
    }

    /// <summary>The number of observations.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The sum of the observations.</summary>
    public double Sum => Volatile.Read(ref _sum);

    /// <summary>Adds one observation; NaN makes the sum NaN and counts in no quantile.</summary>
    public void Observe(double value)
    {
        _window?.Observe(value);
        AtomicDouble.Add(ref _sum, value);
        Interlocked.Increment(ref _count);
    }

    /// <inheritdoc/>
    public override void Collect(MetricWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<QuantileValue> quantiles = _window is null ? [] : writer.Table.AddQuantiles(_window.Quantiles);
        _window?.Read(quantiles);
        writer.Table.AddSummary(this, (ulong)Count, Sum, quantiles.Length);
    }
}
