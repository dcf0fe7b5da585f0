using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.OutOfOrder;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Writes what came out of order into blocks, one for each range of time, and then drops it from memory and from its log. Due after the
/// head was compacted, as upstream, and again as long as it fails. One run at a time.
/// </summary>
internal sealed class OutOfOrderCompaction(HeadState head, BlockStore store)
{
    private bool _isDue;

    // The first segment whose samples are not all in blocks; what is before it goes. 0 if nothing waits to be deleted.
    private int _firstKept;

    /// <summary>Asks for the next run.</summary>
    public void MakeDue() => _isDue = true;

    /// <summary>Runs if it is due and there is anything to write.</summary>
    public async Task RunIfDueAsync(CancellationToken cancellationToken)
    {
        if (!_isDue)
            return;
        if (Array.Exists(head.OutOfOrder.Generations, generation => !generation.IsEmpty))
            await RunAsync(cancellationToken).ConfigureAwait(false);
        if (_firstKept > 0 && head.OutOfOrder.Log is { } log)
            await head.Options.DiskWork.RunAsync(() => log.DeleteBefore(_firstKept)).ConfigureAwait(false);
        _firstKept = 0;
        _isDue = false;
    }

    // What is in the segments before the cut was logged by transactions that have inserted it when they have ended.
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        OutOfOrderLog? log = head.OutOfOrder.Log;
        int segment = log is null ? 0 : await log.Lane.CutSegmentAsync().ConfigureAwait(false);
        await head.Isolation.WhenAppendsClosed().WaitAsync(cancellationToken).ConfigureAwait(false);
        await head.Options.DiskWork.RunAsync(() => Write(cancellationToken)).ConfigureAwait(false);
        _firstKept = segment;
    }

    // Queries that open now read the blocks, the generations, or both.
    private void Write(CancellationToken cancellationToken)
    {
        OutOfOrderGeneration[] frozen = head.OutOfOrder.Freeze();
        var written = new List<BlockMeta>();
        try
        {
            foreach (long start in RangesOf(frozen))
            {
                if (store.Compactor.WriteOutOfOrder(head, frozen, start, cancellationToken) is { } meta)
                    written.Add(meta);
            }

            store.List.Reload();
            if (written.Find(meta => !store.List.IsReadable(meta.Ulid)) is { } lost)
                throw new StorageException($"compact ooo head: block {lost.Ulid} cannot be opened");
        }
        catch
        {
            Undo(written);
            throw;
        }

        head.OutOfOrder.DropFrozen();
    }

    // Blocks that are read already stay: what they hold is written again and merged with them.
    private void Undo(List<BlockMeta> written)
    {
        foreach (BlockMeta meta in written.Where(meta => !store.List.IsReadable(meta.Ulid)))
            store.List.TryDelete(meta.Ulid);
    }

    private SortedSet<long> RangesOf(OutOfOrderGeneration[] generations)
    {
        var starts = new SortedSet<long>();
        foreach (OutOfOrderGeneration generation in generations)
            generation.CollectRanges(head.Options.ChunkRangeMs, starts);
        return starts;
    }
}
