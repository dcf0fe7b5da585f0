using Forethought.Model;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// What an operator asks of a store: to delete samples, to take deleted ones off the disk, to make a snapshot. One request at a
/// time, and in turn with maintenance; a thread of its own waits for the disk.
/// </summary>
/// <param name="deletion">Deletes from the head.</param>
/// <param name="head">The head.</param>
/// <param name="blocks">Null for a store without a directory, whose head is all there is.</param>
internal sealed class StoreAdministration(HeadDeletion deletion, HeadState head, BlockStore? blocks)
{
    /// <summary>Deletes samples with minTimeMs ≤ t ≤ maxTimeMs of the series that all matchers accept, from head and blocks.</summary>
    /// <exception cref="Storage.StorageException">A block is damaged; of the others some may have been done.</exception>
    /// <exception cref="IOException">Deletions could not be written; of head and blocks some may have been done.</exception>
    public async Task DeleteAsync(long minTimeMs, long maxTimeMs, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
    {
        await deletion.DeleteAsync(minTimeMs, maxTimeMs, matchers).ConfigureAwait(false);
        if (blocks is not null)
        {
            await head.Options.DiskWork.RunAsync(() => DeleteFromBlocks(blocks.List, minTimeMs, maxTimeMs, matchers, cancellationToken))
                .ConfigureAwait(false);
        }
    }

    /// <summary>Writes blocks with deletions anew, without what was deleted.</summary>
    /// <exception cref="Storage.StorageException">A block is damaged; those before it are done.</exception>
    /// <exception cref="IOException">A block could not be read or written; those before it are done.</exception>
    public Task CleanTombstonesAsync(CancellationToken cancellationToken) => blocks is null
        ? Task.CompletedTask
        : head.Options.DiskWork.RunAsync(() => new BlockCleanup(blocks, head.Options).Run(cancellationToken));

    /// <summary>Makes a snapshot; see <see cref="StoreSnapshot"/>.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="InvalidOperationException">The store has no directory.</exception>
    /// <exception cref="Storage.StorageException">A block or the head cannot be copied.</exception>
    /// <exception cref="IOException">The snapshot could not be written.</exception>
    public async Task<string> SnapshotAsync(bool withHead, CancellationToken cancellationToken)
    {
        if (blocks is null)
            throw new InvalidOperationException("a store without a directory has no snapshots");
        return await head.Options.DiskWork
            .RunAsync(() => new StoreSnapshot(blocks, head).Make(withHead, cancellationToken), CancellationToken.None)
            .ConfigureAwait(false);
    }

    private static void DeleteFromBlocks(
        BlockList list, long minTimeMs, long maxTimeMs, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
    {
        foreach (Block block in list.Current.Where(block => block.Meta.Overlaps(minTimeMs, maxTimeMs)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!block.TryLease())
                continue;
            try
            {
                block.Delete(minTimeMs, maxTimeMs, matchers);
            }
            finally
            {
                block.Return();
            }
        }
    }
}
