namespace Forethought.Client;

/// <summary>
/// A value that goes up and down. Thread-safe, lock-free, allocation-free. Concurrent additions are all kept; a concurrent
/// <see cref="Set"/> wins or loses as a whole.
/// </summary>
public sealed class Gauge : Metric
{
    private readonly TimeProvider _timeProvider;
    private double _value;

    /// <summary>A gauge without variable labels, at 0, to be registered by the caller.</summary>
    /// <exception cref="ArgumentException">The name or a constant label is not valid.</exception>
    public Gauge(string name, string help, MetricOptions? options = null)
        : this((options ?? MetricOptions.Default).Describe(name, help, MetricType.Gauge), options ?? MetricOptions.Default)
    {
    }

    internal Gauge(MetricDescriptor descriptor, string[] labels, TimeProvider timeProvider)
        : base(descriptor, labels, timeProvider.GetUtcNow()) => _timeProvider = timeProvider;

    private Gauge(MetricDescriptor descriptor, MetricOptions options)
        : this(descriptor, ConstantLabels(descriptor), options.TimeProvider)
    {
    }

    /// <summary>The value now.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>Sets the value.</summary>
    public void Set(double value) => Volatile.Write(ref _value, value);

    /// <summary>Adds 1.</summary>
    public void Inc() => AtomicDouble.Add(ref _value, 1);

    /// <summary>Subtracts 1.</summary>
    public void Dec() => AtomicDouble.Add(ref _value, -1);

    /// <summary>Adds <paramref name="value"/>, which may be negative.</summary>
    public void Add(double value) => AtomicDouble.Add(ref _value, value);

    /// <summary>Sets the value to now, in seconds since 1970.</summary>
    public void SetToCurrentTime() => Set((_timeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);

    /// <inheritdoc/>
    public override void Collect(MetricWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Table.AddValue(this, Value, exemplar: null);
    }
}
