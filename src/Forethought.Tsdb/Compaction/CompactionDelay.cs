namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Holds up the compaction of the head by a time that is drawn once, so that servers which run side by side do not compact at the same
/// moment. Not thread-safe.
/// </summary>
internal sealed class CompactionDelay
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _delay;
    private long? _start;

    /// <summary>Draws the delay.</summary>
    public CompactionDelay(TsdbOptions options)
    {
        _clock = options.TimeProvider;
        long longestMs = options.ChunkRangeMs * options.CompactionDelayMaxPercent / 100;
        _delay = longestMs > 0 ? TimeSpan.FromMilliseconds(options.Random.NextInt64(longestMs)) : TimeSpan.Zero;
    }

    /// <summary>Whether the head has to wait. The time counts from the first call on that finds it compactable.</summary>
    /// <param name="isCompactable">Whether the head could be compacted; if not, the next time begins anew.</param>
    public bool Holds(bool isCompactable)
    {
        if (!isCompactable)
        {
            _start = null;
            return false;
        }

        _start ??= _clock.GetTimestamp();
        return _clock.GetElapsedTime(_start.Value) < _delay;
    }
}
