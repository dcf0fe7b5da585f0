namespace Forethought.Client;

/// <summary>
/// A counter kept elsewhere and read when metrics are collected. The function must be quick, thread-safe and never return less
/// than before; if it throws, the scrape reports the error.
/// </summary>
public sealed class CounterFunc : Metric
{
    private readonly Func<double> _read;

    /// <summary>A counter without variable labels, to be registered by the caller.</summary>
    /// <exception cref="ArgumentException">The name or a constant label is not valid.</exception>
    public CounterFunc(string name, string help, Func<double> read, MetricOptions? options = null)
        : this((options ?? MetricOptions.Default).Describe(name, help, MetricType.Counter), read, options ?? MetricOptions.Default)
    {
    }

    private CounterFunc(MetricDescriptor descriptor, Func<double> read, MetricOptions options)
        : base(descriptor, ConstantLabels(descriptor), options.TimeProvider.GetUtcNow())
    {
        ArgumentNullException.ThrowIfNull(read);
        _read = read;
    }

    /// <inheritdoc/>
    public override void Collect(MetricWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Table.AddValue(this, _read(), exemplar: null);
    }
}
