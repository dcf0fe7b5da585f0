namespace Forethought.Tsdb.Chunks;

/// <summary>What writing or reading the next histogram of a chunk needs of the previous ones. Reused; not thread-safe.</summary>
internal sealed class HistogramTracking
{
    private TrackedValue[] _buckets = [];

    public long TimeMs;

    public long TimeDelta;

    public TrackedValue Count;

    public TrackedValue ZeroCount;

    /// <summary>The sum's bits; its trend is an XOR window for both kinds of histograms.</summary>
    public TrackedValue Sum;

    public int PositiveCount { get; private set; }

    public int NegativeCount { get; private set; }

    /// <summary>The positive buckets and then the negative ones.</summary>
    public Span<TrackedValue> Buckets => _buckets.AsSpan(0, PositiveCount + NegativeCount);

    public Span<TrackedValue> Positive => _buckets.AsSpan(0, PositiveCount);

    public Span<TrackedValue> Negative => _buckets.AsSpan(PositiveCount, NegativeCount);

    /// <summary>Makes room for buckets, whose content is then unspecified.</summary>
    public void SetBucketCounts(int positive, int negative)
    {
        if (_buckets.Length < positive + negative)
            _buckets = new TrackedValue[Math.Max(positive + negative, 2 * _buckets.Length)];
        PositiveCount = positive;
        NegativeCount = negative;
    }
}
