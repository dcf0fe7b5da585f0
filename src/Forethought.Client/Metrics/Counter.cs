using System.Diagnostics.CodeAnalysis;

namespace Forethought.Client;

/// <summary>
/// A value that only grows. Thread-safe and lock-free; <see cref="Inc"/> and <see cref="Add(double)"/> do not allocate.
/// Whole numbers are counted in 64 bits, so that increments are exact and never lost to rounding, and fractions in a double;
/// a reader adds both, and may see one of two concurrent additions without the other.
/// </summary>
public sealed class Counter : Metric
{
    // Below 2^53 a double tells each whole number from its neighbours.
    private const double LargestWholeStep = 1L << 53;

    private readonly TimeProvider _timeProvider;
    private long _whole;
    private double _fraction;
    private Exemplar? _exemplar;

    /// <summary>A counter without variable labels, to be registered by the caller.</summary>
    /// <exception cref="ArgumentException">The name or a constant label is not valid.</exception>
    public Counter(string name, string help, MetricOptions? options = null)
        : this((options ?? MetricOptions.Default).Describe(name, help, MetricType.Counter), options ?? MetricOptions.Default)
    {
    }

    internal Counter(MetricDescriptor descriptor, string[] labels, TimeProvider timeProvider)
        : base(descriptor, labels, timeProvider.GetUtcNow()) => _timeProvider = timeProvider;

    private Counter(MetricDescriptor descriptor, MetricOptions options)
        : this(descriptor, ConstantLabels(descriptor), options.TimeProvider)
    {
    }

    /// <summary>The value now.</summary>
    public double Value => Volatile.Read(ref _fraction) + (ulong)Volatile.Read(ref _whole);

    /// <summary>Adds 1.</summary>
    public void Inc() => Interlocked.Increment(ref _whole);

    /// <summary>Adds <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or NaN.</exception>
    public void Add(double value)
    {
        if (!(value >= 0))
            ThrowDecrease();
        if (value < LargestWholeStep && (long)value == value)
            Interlocked.Add(ref _whole, (long)value);
        else
            AtomicDouble.Add(ref _fraction, value);
    }

    /// <summary>
    /// Adds <paramref name="value"/> and keeps it, with the time and <paramref name="labels"/>, as the counter's latest exemplar.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or NaN.</exception>
    public void Add(double value, ExemplarLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Add(value);
        Volatile.Write(ref _exemplar, new Exemplar(labels, value, _timeProvider.GetUtcNow()));
    }

    /// <inheritdoc/>
    public override void Collect(MetricWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // The exemplar first, so that none is shown of an addition the value does not have yet.
        Exemplar? exemplar = Volatile.Read(ref _exemplar);
        writer.Table.AddValue(this, Value, exemplar);
    }

    [DoesNotReturn]
    private static void ThrowDecrease() =>
        throw new ArgumentOutOfRangeException("value", "counter cannot decrease in value");
}
