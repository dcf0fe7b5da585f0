using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Makes a snapshot of a store below its data directory: every block under a second name, without copying where the file system can
/// link, and what the head has as one more block. It is a data directory that can be opened. It appears under its name only when
/// it is whole and on stable storage.
/// </summary>
internal sealed class StoreSnapshot(BlockStore store, HeadState head)
{
    private const string DirectoryName = "snapshots";
    private const int CopyBytes = 1 << 20;

    /// <summary>Makes a snapshot of what is there now.</summary>
    /// <returns>Its name, <c>20060102T150405Z-</c> and 16 hexadecimal digits.</returns>
    /// <exception cref="StorageException">A block or the head cannot be copied.</exception>
    /// <exception cref="IOException">Something could not be written. Nothing is left of the snapshot as far as the disk allows.</exception>
    public string Make(bool withHead, CancellationToken cancellationToken)
    {
        IStorageDirectory snapshots = CreateDirectory();
        string name = NewName();
        string temporary = name + BlockWriter.TemporarySuffix;
        try
        {
            Write(snapshots.GetDirectory(temporary), withHead, cancellationToken);
            snapshots.Rename(temporary, name);
            snapshots.Sync();
            return name;
        }
        catch (Exception e)
        {
            TryDelete(snapshots, temporary);
            if (e is IOException)
                throw new IOException("create snapshot: " + e.Message, e);
            if (e is StorageException)
                throw new StorageException("create snapshot: " + e.Message, e);
            throw;
        }
    }

    private void Write(IStorageDirectory snapshot, bool withHead, CancellationToken cancellationToken)
    {
        foreach (Block block in store.List.Current)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!block.TryLease())
                throw new StorageException($"block {block.Meta.Ulid} was closed while it was to be copied");
            try
            {
                Copy(block.Directory, snapshot.GetDirectory(block.Meta.Ulid.ToString()), cancellationToken);
            }
            finally
            {
                block.Return();
            }
        }

        if (withHead)
            store.Compactor.CopyHead(snapshot, head, cancellationToken);
        snapshot.Sync();
    }

    // No file of a block is ever changed: deletions and descriptions are replaced.
    private static void Copy(IStorageDirectory block, IStorageDirectory copy, CancellationToken cancellationToken)
    {
        foreach (string name in block.List().Where(entry => !entry.IsDirectory).Select(entry => entry.Name))
        {
            if (name is BlockIndexFormat.Name or TombstoneFile.Name or BlockMetaFile.Name)
                Copy(block, name, copy, cancellationToken);
        }

        IStorageDirectory chunks = block.GetDirectory(ChunkSegmentFormat.DirectoryName);
        IStorageDirectory chunksCopy = copy.GetDirectory(ChunkSegmentFormat.DirectoryName);
        foreach (StorageEntry segment in chunks.List().Where(entry => !entry.IsDirectory))
            Copy(chunks, segment.Name, chunksCopy, cancellationToken);
        chunksCopy.Sync();
        copy.Sync();
    }

    private static void Copy(IStorageDirectory from, string name, IStorageDirectory into, CancellationToken cancellationToken)
    {
        if (from.TryLink(name, into))
            return;
        using IStorageFile file = from.Open(name, isWritable: false);
        using IStorageFile copy = into.Create(name);
        byte[] buffer = new byte[(int)Math.Clamp(file.Length, 1, CopyBytes)];
        long offset = 0;
        while (file.Read(buffer, offset) is var read and > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            copy.Write(buffer.AsSpan(0, read), offset);
            offset += read;
        }

        copy.Sync();
    }

    // Also clears away what a crash left of others.
    private IStorageDirectory CreateDirectory()
    {
        try
        {
            IStorageDirectory snapshots = store.Data.GetDirectory(DirectoryName);
            foreach (StorageEntry entry in snapshots.List())
            {
                if (entry.IsDirectory && entry.Name.EndsWith(BlockWriter.TemporarySuffix, StringComparison.Ordinal))
                    snapshots.DeleteDirectory(entry.Name);
            }

            store.Data.Sync();
            return snapshots;
        }
        catch (IOException e)
        {
            throw new IOException("create snapshot directory: " + e.Message, e);
        }
    }

    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "Names must be unique, not secret.")]
    private string NewName()
    {
        string time = head.Options.TimeProvider.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return $"{time}-{head.Options.Random.NextInt64():x16}";
    }

    private static void TryDelete(IStorageDirectory snapshots, string temporary)
    {
        try
        {
            snapshots.DeleteDirectory(temporary);
        }
        catch (IOException)
        {
            // The caller throws the failure that led here.
        }
    }
}
