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

    /// <summary>Asks for the next run.</summary>
    public void MakeDue() => _isDue = true;

    /// <summary>Runs if it is due and there is anything to write.</summary>
    public async Task RunIfDueAsync(CancellationToken cancellationToken)
    {
        if (!_isDue)
            return;
        if (Array.Exists(head.OutOfOrder.Generations, generation => !generation.IsEmpty))
            await RunAsync(cancellationToken).ConfigureAwait(false);
        _isDue = false;
    }

    // What is in the segments before the cut was logged by transactions that have inserted it when they have ended.
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        OutOfOrderLog? log = head.OutOfOrder.Log;
        int segment = log is null ? 0 : await log.Lane.CutSegmentAsync().ConfigureAwait(false);
        await head.Isolation.WhenAppendsClosed().WaitAsync(cancellationToken).ConfigureAwait(false);
        await BlockMaintenance.OnThreadAsync(() => Write(cancellationToken)).ConfigureAwait(false);
        if (log is not null)
            await BlockMaintenance.OnThreadAsync(() => log.DeleteBefore(segment)).ConfigureAwait(false);
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
