using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Compaction;

/// <summary>What one round of maintenance does with files. Used by one caller at a time; a thread of its own waits for the disk.</summary>
internal sealed class BlockMaintenance(HeadState head, HeadMaintenance headMaintenance, BlockStore store)
{
    private readonly DiskWork _work = head.Options.DiskWork;
    private readonly CompactionDelay _delay = new(head.Options);
    private readonly ChunkMover _mover = new(head, store.ChunkFiles);
    private readonly OutOfOrderCompaction _outOfOrder = new(head, store);
    private double _workBefore;
    private readonly StaleSeriesCompaction _stale = new(head, headMaintenance, store);

    /// <summary>Full chunks of the head that were moved to files.</summary>
    public long MovedChunks => _mover.Moved;

    /// <summary>Full chunks of the head that were to be moved.</summary>
    public long QueuedChunks => _mover.Queued;

    /// <summary>
    /// Picks up blocks and drops old ones; compacts the head, then blocks, as long as there is something to do; moves full chunks out
    /// of memory.
    /// </summary>
    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await _work.RunAsync(store.List.Reload).ConfigureAwait(false);
        store.Compactor.Metrics.Triggered.Inc();
        try
        {
            await CompactHeadAsync(cancellationToken).ConfigureAwait(false);
            await _outOfOrder.RunIfDueAsync(cancellationToken).ConfigureAwait(false);
            await _stale.RunIfDueAsync(cancellationToken).ConfigureAwait(false);
            await CompactBlocksAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            store.Compactor.Metrics.Failed.Inc();
            throw;
        }
        finally
        {
            await _work.RunAsync(MoveChunks).ConfigureAwait(false);
            if (head.Options.ReturnsUnusedMemory)
                await ReturnMemoryAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Moves full chunks out of memory, so that the next start finds them in files.</summary>
    public void MoveChunks()
    {
        try
        {
            _mover.Run();
        }
        catch (IOException e)
        {
            head.Options.Warned?.Invoke("full chunks stay in memory, their files cannot be written: " + e.Message);
        }
    }

    // The log is cut once, after the last range. Ranges that were written stay written if a later one fails.
    private async Task CompactHeadAsync(CancellationToken cancellationToken)
    {
        var collected = new List<ulong>();
        long? writtenUpTo = null;
        try
        {
            // Ranges that are completed meanwhile wait for the next round: however fast they come, each round ends.
            long untilMs = head.Bounds.PresentTimeMs;
            while (IsHeadDue() && head.Bounds.MinTimeMs < untilMs && !cancellationToken.IsCancellationRequested)
                writtenUpTo = await CompactOldestRangeAsync(collected, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (writtenUpTo is { } minTimeMs)
                await headMaintenance.TruncateLogAsync(minTimeMs, collected).ConfigureAwait(false);
        }
    }

    private bool IsHeadDue()
    {
        bool isCompactable = head.Bounds.IsCompactable;
        return !_delay.Holds(isCompactable) && isCompactable;
    }

    private async Task<long> CompactOldestRangeAsync(List<ulong> collected, CancellationToken cancellationToken)
    {
        long start = head.Bounds.MinTimeMs, range = head.Options.ChunkRangeMs;
        long end = start / range * range + range;

        _stale.NoteHeadCompaction();

        // New transactions may not append to the range any more, even if the clock is set back; those that began when they might have
        // must have ended.
        head.Bounds.RaiseMinValid(end);
        await head.Isolation.WhenAppendsClosed().WaitAsync(cancellationToken).ConfigureAwait(false);
        await _work.RunAsync(() => WriteHead(start, end, cancellationToken)).ConfigureAwait(false);
        _outOfOrder.MakeDue();
        collected.AddRange(await headMaintenance.TruncateMemoryAsync(end, cancellationToken).ConfigureAwait(false));
        return end;
    }

    // Only what is in a block that queries can read may leave the head.
    private void WriteHead(long startMs, long endMs, CancellationToken cancellationToken)
    {
        if (store.Compactor.WriteHead(head, startMs, endMs, cancellationToken) is not { } written)
            return;
        try
        {
            store.List.Reload();
        }
        catch (IOException)
        {
            store.List.TryDelete(written.Ulid);
            throw;
        }

        if (!IsLoaded(written))
            throw new StorageException($"persist head block: block {written.Ulid} cannot be opened");
    }

    // A block that cannot be opened is of no use, and the next round would write another one beside it.
    private bool IsLoaded(BlockMeta written)
    {
        if (store.List.IsReadable(written.Ulid))
            return true;
        store.List.TryDelete(written.Ulid);
        return false;
    }

    private async Task CompactBlocksAsync(CancellationToken cancellationToken)
    {
        // A head that became compactable meanwhile goes first, in the next round.
        while (!IsHeadDue() && !cancellationToken.IsCancellationRequested)
        {
            if (!await _work.RunAsync(() => MergeNext(cancellationToken), CancellationToken.None).ConfigureAwait(false))
                return;
        }
    }

    private bool MergeNext(CancellationToken cancellationToken)
    {
        if (store.Compactor.MergeNext(store.List, cancellationToken) is not { } merge)
            return false;
        store.List.Reload();
        if (merge.Written is { } written && !IsLoaded(written))
        {
            store.Compactor.NoteFailure(merge.Blocks);
            throw new StorageException($"compact blocks: block {written.Ulid} cannot be opened");
        }

        return true;
    }

    // Compaction makes garbage that reaches the oldest generation, which is hardly ever collected when little else is allocated, and
    // the series and chunks that leave the head leave holes.
    private async Task ReturnMemoryAsync()
    {
        double work = store.Compactor.Metrics.Ran.Value + Volatile.Read(ref head.Counters.Truncations);
        if (work == _workBefore)
            return;
        _workBefore = work;
        await _work.RunAsync(UnusedMemory.Return).ConfigureAwait(false);
    }
}
