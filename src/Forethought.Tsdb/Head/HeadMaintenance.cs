using Forethought.Client;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Truncates the head and cuts its log behind it; counts attempts and failures. One truncation at a time: whoever calls sees to that.
/// </summary>
internal sealed class HeadMaintenance(HeadState head, HeadLog? log)
{
    private readonly HeadTruncation _truncation = new(head);

    /// <summary>How long truncations of the head took.</summary>
    public Summary TruncationDuration => _truncation.Duration;

    /// <summary>Truncates if retention no longer keeps the oldest samples, in steps of the chunk range.</summary>
    public Task ApplyRetentionAsync(CancellationToken cancellationToken) =>
        OldestKept() is { } minTimeMs ? TruncateAsync(minTimeMs, cancellationToken) : Task.CompletedTask;

    /// <summary>Truncates head and log.</summary>
    public async Task TruncateAsync(long minTimeMs, CancellationToken cancellationToken)
    {
        IReadOnlyList<ulong> collected = await TruncateMemoryAsync(minTimeMs, cancellationToken).ConfigureAwait(false);
        await TruncateLogAsync(minTimeMs, collected).ConfigureAwait(false);
    }

    /// <summary>Truncates the head and returns the references of series that went.</summary>
    public async Task<IReadOnlyList<ulong>> TruncateMemoryAsync(long minTimeMs, CancellationToken cancellationToken)
    {
        HeadCounters.Add(ref head.Counters.Truncations, 1);
        try
        {
            return await _truncation.TruncateAsync(minTimeMs, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            HeadCounters.Add(ref head.Counters.TruncationsFailed, 1);
            throw;
        }
    }

    /// <summary>Cuts the log after the head was truncated.</summary>
    /// <param name="minTimeMs">Older samples are not needed.</param>
    /// <param name="collected">References of series that went since the log was cut last.</param>
    public Task TruncateLogAsync(long minTimeMs, IReadOnlyList<ulong> collected) =>
        log is null ? Task.CompletedTask : log.TruncateAsync(minTimeMs, collected);

    /// <summary>Takes series whose samples are in blocks out of head and log.</summary>
    public Task EvictAsync(StaleSeries series, CancellationToken cancellationToken) => series.EvictAsync(log, cancellationToken);

    // Null while there is nothing to drop.
    private long? OldestKept()
    {
        long retention = (long)head.Retention.Duration.TotalMilliseconds;
        long range = head.Options.ChunkRangeMs;
        long min = head.Bounds.MinTimeMs, present = head.Bounds.PresentTimeMs;
        if (retention <= 0 || min > present || (ulong)(present - min) < (ulong)(retention + range))
            return null;
        return (present - retention) / range * range;
    }
}
