namespace Forethought.Tsdb.Head;

/// <summary>The head's times in milliseconds. Thread-safe.</summary>
/// <remarks>
/// A sample dated far ahead of the clock must not make samples of today too old to be taken, and must not be what decides that a range is
/// complete: where it counts how far the head has come, it counts up to the clock only.
/// </remarks>
internal sealed class HeadBounds(long chunkRangeMs, TimeProvider clock)
{
    private long _min = long.MaxValue;
    private long _max = long.MinValue;
    private long _minValid = long.MinValue;

    // The oldest time included since the last truncation began.
    private long _minSince = long.MaxValue;

    /// <summary>No sample is older; <see cref="long.MaxValue"/> while there was none.</summary>
    public long MinTimeMs => Volatile.Read(ref _min);

    /// <summary>No sample is newer; <see cref="long.MinValue"/> while there was none.</summary>
    public long MaxTimeMs => Volatile.Read(ref _max);

    /// <summary>Older samples were truncated and are not taken any more.</summary>
    public long MinValidTimeMs => Volatile.Read(ref _minValid);

    /// <summary>
    /// How far the head has come: its newest time, or the clock's if the newest is more than half a range ahead of that.
    /// <see cref="long.MinValue"/> while there was no sample.
    /// </summary>
    public long PresentTimeMs => LimitToClock(MaxTimeMs);

    /// <summary>Whether the oldest range is complete: the head spans one and a half, so that nothing may be appended to it any more.</summary>
    public bool IsCompactable
    {
        get
        {
            long min = MinTimeMs, present = PresentTimeMs;
            return min <= present && (ulong)(present - min) > (ulong)(chunkRangeMs / 2 * 3);
        }
    }

    /// <summary>The oldest time a new transaction may append; in a head without samples half a range before its first sample.</summary>
    public long AppendableMinTimeMs(long firstTimeMs)
    {
        long present = PresentTimeMsOr(firstTimeMs);
        long half = chunkRangeMs / 2;
        return Math.Max(MinValidTimeMs, present < long.MinValue + half ? long.MinValue : present - half);
    }

    /// <summary>As <see cref="PresentTimeMs"/>; in a head without samples the time of the first one.</summary>
    public long PresentTimeMsOr(long firstTimeMs) => MaxTimeMs == long.MinValue ? LimitToClock(firstTimeMs) : PresentTimeMs;

    /// <summary>Widens the bounds by samples that have been appended.</summary>
    public void Include(long minTimeMs, long maxTimeMs)
    {
        Lower(ref _minSince, minTimeMs);
        Lower(ref _min, minTimeMs);
        for (long seen = MaxTimeMs; maxTimeMs > seen; seen = MaxTimeMs)
            Interlocked.CompareExchange(ref _max, maxTimeMs, seen);
    }

    /// <summary>Raises the oldest valid time; a lower one is ignored.</summary>
    public void RaiseMinValid(long timeMs)
    {
        for (long seen = MinValidTimeMs; timeMs > seen; seen = MinValidTimeMs)
            Interlocked.CompareExchange(ref _minValid, timeMs, seen);
    }

    /// <summary>Tells that a truncation begins to find out what is left.</summary>
    public void BeginTruncation() => Interlocked.Exchange(ref _minSince, long.MaxValue);

    /// <summary>
    /// Raises the oldest time to that which the truncation found, but not beyond what was appended behind its back: a sample older than
    /// the oldest time would be in no query and no block.
    /// </summary>
    public void EndTruncation(long timeMs)
    {
        Interlocked.Exchange(ref _min, timeMs);
        Lower(ref _min, Volatile.Read(ref _minSince));
    }

    private static void Lower(ref long bound, long timeMs)
    {
        for (long seen = Volatile.Read(ref bound); timeMs < seen; seen = Volatile.Read(ref bound))
            Interlocked.CompareExchange(ref bound, timeMs, seen);
    }

    private long LimitToClock(long timeMs)
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return timeMs > now + chunkRangeMs / 2 ? now : timeMs;
    }
}
