using Forethought.Storage;
using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Takes deleted samples off the disk: writes every block that has deletions anew and drops the old one. One run, not beside other
/// compactions.
/// </summary>
/// <remarks>
/// The newest block written from the head tells a restart how much of the log is in blocks. If all of it was deleted it stays,
/// with its deletions, until there is a newer one: without it the log would bring its samples back. Upstream's goes.
/// </remarks>
internal sealed class BlockCleanup(BlockStore store, TsdbOptions options)
{
    private readonly HashSet<Block> _kept = [];

    /// <summary>Works until no block has deletions, but for one that must stay.</summary>
    /// <exception cref="StorageException">A block is damaged.</exception>
    /// <exception cref="IOException">A block could not be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        long start = options.TimeProvider.GetTimestamp();
        try
        {
            while (store.List.Current.FirstOrDefault(block => block.Tombstones.Count > 0 && !_kept.Contains(block)) is { } block)
                Clean(block, cancellationToken);
        }
        finally
        {
            store.Compactor.Metrics.TombstoneCleanup.Observe(options.TimeProvider.GetElapsedTime(start).TotalSeconds);
        }
    }

    private void Clean(Block block, CancellationToken cancellationToken)
    {
        BlockMeta? written;
        try
        {
            written = store.Compactor.Rewrite(block, cancellationToken);
            if (written is null && TellsHowFarTheHeadIs(block))
            {
                _kept.Add(block);
                return;
            }

            if (written is null)
                block.UpdateMeta(meta => meta with { Compaction = meta.Compaction with { IsDeletable = true } });
        }
        catch (IOException e)
        {
            throw new IOException($"clean tombstones: {block.Directory.FullName}: {e.Message}", e);
        }
        catch (StorageException e)
        {
            throw new StorageException($"clean tombstones: {block.Directory.FullName}: {e.Message}", e);
        }

        Replace(block, written);
    }

    private void Replace(Block block, BlockMeta? written)
    {
        try
        {
            store.List.Reload();
        }
        catch (IOException e)
        {
            if (written is not null)
                store.List.TryDelete(written.Ulid);
            throw new IOException("reload blocks: " + e.Message, e);
        }

        // What would be tried again for ever is an error: the new block cannot be opened, say.
        if (store.List.Current.Contains(block))
            throw new StorageException($"clean tombstones: {block.Directory.FullName}: the block is still there");
    }

    private bool TellsHowFarTheHeadIs(Block block) => block.Meta.Compaction.IsFromWholeHead
        && store.List.Current.All(other => other == block || !other.Meta.Compaction.IsFromWholeHead || other.Meta.MaxTimeMs < block.Meta.MaxTimeMs);
}
