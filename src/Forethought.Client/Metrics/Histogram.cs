namespace Forethought.Client;

/// <summary>
/// Observations counted by size. Thread-safe and lock-free; <see cref="Observe(double)"/> does not allocate. The count shown is
/// the sum of the buckets, so the two always agree; the sum of the observations is kept apart, and a reader may see it with or
/// without observations that are under way.
/// </summary>
public sealed class Histogram : Metric
{
    // Up to here a scan beats a binary search, whose branches are mispredicted.
    private const int ScannedBounds = 35;

    private readonly TimeProvider _timeProvider;
    private readonly double[] _bounds;

    // One more than bounds: the last counts what is above all of them, and NaN.
    private readonly long[] _counts;
    private double _sum;
    private Exemplar?[]? _exemplars;

    /// <summary>A histogram without variable labels, to be registered by the caller.</summary>
    /// <exception cref="ArgumentException">The name, a constant label or the buckets are not valid.</exception>
    public Histogram(string name, string help, HistogramOptions? options = null)
        : this((options ?? HistogramOptions.Default).Describe(name, help, MetricType.Histogram), options ?? HistogramOptions.Default)
    {
    }

    /// <param name="descriptor">The family's descriptor.</param>
    /// <param name="labels">The values of all labels in name order.</param>
    /// <param name="bounds">Finite upper bounds, increasing; shared and not to be changed.</param>
    /// <param name="timeProvider">Dates creation and exemplars.</param>
    internal Histogram(MetricDescriptor descriptor, string[] labels, double[] bounds, TimeProvider timeProvider)
        : base(descriptor, labels, timeProvider.GetUtcNow())
    {
        _timeProvider = timeProvider;
        _bounds = bounds;
        _counts = new long[bounds.Length + 1];
    }

    private Histogram(MetricDescriptor descriptor, HistogramOptions options)
        : this(descriptor, ConstantLabels(descriptor), options.FiniteBounds(), options.TimeProvider)
    {
    }

    /// <summary>The number of observations.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (int i = 0; i < _counts.Length; i++)
                count += Volatile.Read(ref _counts[i]);
            return count;
        }
    }

    /// <summary>The sum of the observations.</summary>
    public double Sum => Volatile.Read(ref _sum);

    /// <summary>Adds one observation; NaN counts in the bucket of +Inf and makes the sum NaN.</summary>
    public void Observe(double value) => Record(FindBucket(value), value);

    /// <summary>Adds one observation and keeps it, with the time and <paramref name="labels"/>, as its bucket's latest exemplar.</summary>
    public void Observe(double value, ExemplarLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        int bucket = FindBucket(value);
        Record(bucket, value);
        Exemplar?[] exemplars = Volatile.Read(ref _exemplars) ?? CreateExemplars();
        Volatile.Write(ref exemplars[bucket], new Exemplar(labels, value, _timeProvider.GetUtcNow()));
    }

    /// <inheritdoc/>
    public override void Collect(MetricWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // The exemplars first, so that none is shown of an observation that is not counted yet.
        Exemplar?[]? exemplars = Volatile.Read(ref _exemplars);
        writer.Table.AddHistogram(this, _bounds, _counts, Sum, exemplars);
    }

    private Exemplar?[] CreateExemplars()
    {
        var created = new Exemplar?[_counts.Length];
        return Interlocked.CompareExchange(ref _exemplars, created, null) ?? created;
    }

    private void Record(int bucket, double value)
    {
        Interlocked.Increment(ref _counts[bucket]);
        AtomicDouble.Add(ref _sum, value);
    }

    /// <summary>The first bucket whose bound is not below the value.</summary>
    private int FindBucket(double value)
    {
        double[] bounds = _bounds;
        int low = 0;
        int high = bounds.Length;
        while (high - low > ScannedBounds)
        {
            int middle = (low + high) >>> 1;
            if (value <= bounds[middle])
                high = middle;
            else
                low = middle + 1;
        }

        // Written so that NaN passes every bound.
        while (low < high && !(value <= bounds[low]))
            low++;
        return low;
    }
}
