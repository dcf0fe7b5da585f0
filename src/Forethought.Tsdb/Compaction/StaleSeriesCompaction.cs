using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Writes stale series into blocks before their time and takes them out of the head, when they are as large a part of it as the
/// operator put up with (<c>storage.tsdb.stale_series_compaction_threshold</c>). One run at a time.
/// </summary>
internal sealed class StaleSeriesCompaction(HeadState head, HeadMaintenance headMaintenance, BlockStore store)
{
    // As upstream: soon they leave with all the others.
    private static readonly TimeSpan SoonEnough = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time = head.Options.TimeProvider;
    private DateTimeOffset? _lastHeadCompaction;

    /// <summary>Notes that a range of the head is being compacted.</summary>
    public void NoteHeadCompaction() => _lastHeadCompaction = _time.GetUtcNow();

    /// <summary>Runs if enough series are stale. A failure is reported and counted, and no reason not to do other work.</summary>
    public async Task RunIfDueAsync(CancellationToken cancellationToken)
    {
        if (!IsDue())
            return;
        StaleSeriesMetrics metrics = store.Compactor.StaleSeries;
        metrics.Triggered.Inc();
        long start = _time.GetTimestamp();
        try
        {
            int left = await RunAsync(cancellationToken).ConfigureAwait(false);
            TimeSpan duration = _time.GetElapsedTime(start);
            metrics.Duration.Observe(duration.TotalSeconds);
            head.Options.Informed?.Invoke($"Ending stale series compaction num_series={left} duration={duration}");
        }
        catch (Exception e) when (e is IOException or StorageException)
        {
            metrics.Failed.Inc();
            head.Options.Warned?.Invoke("immediate stale series compaction failed: " + e.Message);
        }
    }

    private bool IsDue()
    {
        double threshold = head.StaleSeriesThreshold;
        long series = head.Index.SeriesCount;
        if (threshold <= 0 || series == 0 || (double)head.Counters.StaleSeries / series < threshold)
            return false;
        return _lastHeadCompaction is not { } last || _time.GetUtcNow() + SoonEnough <= last + head.Options.MinBlockDuration;
    }

    // Returns how many series were written.
    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        StaleSeries stale = await StaleSeries.FindAsync(head, cancellationToken).ConfigureAwait(false);
        try
        {
            int count = stale.Slots.Count;
            if (count == 0)
                return 0;
            await head.Options.DiskWork.RunAsync(() => Write(stale, cancellationToken)).ConfigureAwait(false);
            await headMaintenance.EvictAsync(stale, cancellationToken).ConfigureAwait(false);
            return count;
        }
        finally
        {
            stale.Release();
        }
    }

    // All or nothing: only what is in blocks that queries can read may leave the head.
    private void Write(StaleSeries stale, CancellationToken cancellationToken)
    {
        var written = new List<BlockMeta>();
        try
        {
            WriteRanges(stale, written, cancellationToken);
            store.List.Reload();
            if (written.Find(meta => !store.List.IsReadable(meta.Ulid)) is { } lost)
                throw new StorageException($"persist head portion: block {lost.Ulid} cannot be opened");
        }
        catch
        {
            foreach (BlockMeta meta in written.Where(meta => !store.List.IsReadable(meta.Ulid)))
                store.List.TryDelete(meta.Ulid);
            throw;
        }
    }

    private void WriteRanges(StaleSeries stale, List<BlockMeta> written, CancellationToken cancellationToken)
    {
        EpochPin pin = head.Epochs.Pin();
        try
        {
            SortedSeries sorted = SortedSeries.Of(head.Index, stale.Slots);
            foreach (long start in stale.RangeStarts())
            {
                if (store.Compactor.WriteStale(head, sorted, start, cancellationToken) is { } meta)
                    written.Add(meta);
            }
        }
        finally
        {
            head.Epochs.Unpin(pin);
        }
    }
}
