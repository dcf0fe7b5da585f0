using Forethought.Model;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// An open block: a directory of index, chunks, deletions and description. Who reads it holds a lease; files are closed when it was
/// closed and the last lease is returned. Thread-safe.
/// </summary>
internal sealed class Block
{
    private readonly Lock _gate = new();
    private readonly Lock _changes = new();
    private readonly long _indexBytes;
    private int _leases = 1;
    private bool _isClosed;
    private Action? _whenUnused;
    private State _state;

    private Block(IStorageDirectory directory, BlockIndex index, ChunkSegments chunks, State state)
    {
        Directory = directory;
        Index = index;
        Chunks = chunks;
        _indexBytes = index.Length;
        _state = state;
    }

    /// <summary>The block's directory.</summary>
    public IStorageDirectory Directory { get; }

    /// <summary>Labels, and where chunks are; for holders of a lease.</summary>
    public BlockIndex Index { get; }

    /// <summary>The chunks; for holders of a lease.</summary>
    public ChunkSegments Chunks { get; }

    /// <summary>What its description says.</summary>
    public BlockMeta Meta => Volatile.Read(ref _state).Meta;

    /// <summary>What was deleted from it; does not change any more.</summary>
    public TombstoneSet Tombstones => Volatile.Read(ref _state).Tombstones;

    /// <summary>The bytes of its files, as upstream counts them against the retention by size.</summary>
    public long SizeBytes
    {
        get
        {
            State state = Volatile.Read(ref _state);
            return _indexBytes + Chunks.Length + state.TombstoneBytes + state.MetaBytes;
        }
    }

    /// <summary>Opens the block in a directory. The caller holds the first lease, which <see cref="Close"/> returns.</summary>
    /// <exception cref="TsdbCorruptionException">A file is damaged.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static Block Open(IStorageDirectory directory)
    {
        BlockMeta meta = BlockMetaFile.Read(directory, out long metaBytes);
        ChunkSegments chunks = ChunkSegments.Open(directory);
        BlockIndex? index = null;
        try
        {
            index = BlockIndex.Open(directory);
            TombstoneSet tombstones = TombstoneFile.Read(directory, out long tombstoneBytes);
            return new Block(directory, index, chunks, new State(meta, metaBytes, tombstones, tombstoneBytes));
        }
        catch
        {
            chunks.Dispose();
            index?.Dispose();
            throw;
        }
    }

    /// <summary>Takes a lease, to be given back by <see cref="Return"/>; false when the block was closed.</summary>
    public bool TryLease()
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _leases++;
            return true;
        }
    }

    /// <summary>Gives a lease back.</summary>
    public void Return()
    {
        lock (_gate)
        {
            if (--_leases > 0)
                return;
        }

        Index.Dispose();
        Chunks.Dispose();
        _whenUnused?.Invoke();
    }

    /// <summary>Gives out no more leases and returns the first one.</summary>
    /// <param name="whenUnused">Called once the last lease is back and the files are closed: to delete the directory, say.</param>
    public void Close(Action? whenUnused = null)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _isClosed = true;
            _whenUnused = whenUnused;
        }

        Return();
    }

    /// <summary>Changes the description, on disk first.</summary>
    /// <exception cref="IOException">It could not be written; the block is as it was.</exception>
    public void UpdateMeta(Func<BlockMeta, BlockMeta> change)
    {
        lock (_changes)
        {
            BlockMeta meta = change(_state.Meta);
            long bytes = BlockMetaFile.Write(Directory, meta);
            Volatile.Write(ref _state, _state with { Meta = meta, MetaBytes = bytes });
        }
    }

    /// <summary>
    /// Deletes samples with minTimeMs ≤ t ≤ maxTimeMs of the series that all matchers accept: notes so beside them. Open queriers go
    /// on to see them. The caller holds a lease.
    /// </summary>
    /// <exception cref="TsdbCorruptionException">The index is damaged.</exception>
    /// <exception cref="IOException">The deletions could not be written; nothing was deleted.</exception>
    public void Delete(long minTimeMs, long maxTimeMs, IReadOnlyList<Matcher> matchers)
    {
        lock (_changes)
        {
            State before = _state;
            var tombstones = new TombstoneSet();
            AddDeletions(tombstones, minTimeMs, maxTimeMs, matchers);
            tombstones.AddRange(before.Tombstones);
            long bytes = TombstoneFile.Write(Directory, tombstones);
            Volatile.Write(ref _state, before with { Tombstones = tombstones, TombstoneBytes = bytes });
            UpdateMeta(meta => meta with { Stats = meta.Stats with { Tombstones = (ulong)tombstones.Count } });
        }
    }

    // Of a series with chunks in the range the part between its first and its last sample is deleted.
    private void AddDeletions(TombstoneSet tombstones, long minTimeMs, long maxTimeMs, IReadOnlyList<Matcher> matchers)
    {
        var series = new BlockSeries();
        foreach (uint reference in new BlockSelector(Index).Select(matchers))
        {
            Index.ReadSeries(reference, series);
            foreach (ChunkMeta chunk in series.Chunks)
            {
                if (chunk.MinTimeMs > maxTimeMs || chunk.MaxTimeMs < minTimeMs)
                    continue;
                long first = Math.Max(minTimeMs, series.Chunks[0].MinTimeMs);
                long last = Math.Min(maxTimeMs, series.Chunks[^1].MaxTimeMs);
                tombstones.Add(reference, new TimeInterval(first, last));
                break;
            }
        }
    }

    /// <summary>What may change while a block is open, replaced as a whole.</summary>
    private sealed record State(BlockMeta Meta, long MetaBytes, TombstoneSet Tombstones, long TombstoneBytes);
}
