namespace Forethought.Tsdb.Head;

/// <summary>The head's times in milliseconds. Thread-safe.</summary>
internal sealed class HeadBounds(long chunkRangeMs)
{
    private long _min = long.MaxValue;
    private long _max = long.MinValue;
    private long _minValid = long.MinValue;

    /// <summary>No sample is older; <see cref="long.MaxValue"/> while there was none.</summary>
    public long MinTimeMs => Volatile.Read(ref _min);

    /// <summary>No sample is newer; <see cref="long.MinValue"/> while there was none.</summary>
    public long MaxTimeMs => Volatile.Read(ref _max);

    /// <summary>Older samples were truncated and are not taken any more.</summary>
    public long MinValidTimeMs => Volatile.Read(ref _minValid);

    /// <summary>The oldest time a new transaction may append; in a head without samples half a range before its first sample.</summary>
    public long AppendableMinTimeMs(long firstTimeMs)
    {
        long max = MaxTimeMs;
        if (max == long.MinValue)
            max = firstTimeMs;
        long half = chunkRangeMs / 2;
        return Math.Max(MinValidTimeMs, max < long.MinValue + half ? long.MinValue : max - half);
    }

    /// <summary>Widens the bounds by samples that were appended.</summary>
    public void Include(long minTimeMs, long maxTimeMs)
    {
        for (long seen = MinTimeMs; minTimeMs < seen; seen = MinTimeMs)
            Interlocked.CompareExchange(ref _min, minTimeMs, seen);
        for (long seen = MaxTimeMs; maxTimeMs > seen; seen = MaxTimeMs)
            Interlocked.CompareExchange(ref _max, maxTimeMs, seen);
    }

    /// <summary>Raises the oldest valid time; a lower one is ignored.</summary>
    public void RaiseMinValid(long timeMs)
    {
        for (long seen = MinValidTimeMs; timeMs > seen; seen = MinValidTimeMs)
            Interlocked.CompareExchange(ref _minValid, timeMs, seen);
    }

    /// <summary>Sets the oldest time after a truncation found out what is left.</summary>
    public void SetMin(long timeMs) => Volatile.Write(ref _min, timeMs);
}
