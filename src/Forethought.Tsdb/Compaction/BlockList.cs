using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// The blocks of a data directory, oldest first. Reading is thread-safe; changes come from one caller at a time. A block that is dropped
/// goes from the disk when its last reader is done.
/// </summary>
/// <remarks>
/// A block that cannot be opened is left out, reported once and counted, and what the others hold stays readable; upstream does not
/// start with such a block. It is tried again at each look, and is deleted once a block that was made of it is there.
/// </remarks>
internal sealed class BlockList : IDisposable
{
    private const string DeletionSuffix = ".tmp-for-deletion";
    private const string OldSuffix = ".tmp";

    private readonly IStorageDirectory _data;
    private readonly Func<IReadOnlyCollection<RetainedBlock>, IReadOnlySet<Ulid>> _deletable;
    private readonly Action<string>? _warned;
    private readonly Dictionary<Ulid, string> _quarantined = [];
    private readonly HashSet<Ulid> _leaving = [];

    // Those that the last look found, opened and dropped, be it that nobody has read them.
    private HashSet<Ulid> _dropped = [];
    private Block[] _blocks = [];
    private long _reloads;
    private long _failedReloads;

    /// <summary>Removes what interrupted work left in a directory, mends blocks of an old release and opens all.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="deletable">Tells which blocks are to be deleted, some of which may not be among those given.</param>
    /// <param name="warned">Told about blocks that cannot be opened.</param>
    /// <exception cref="IOException">The directory cannot be read or changed.</exception>
    public BlockList(
        IStorageDirectory data, Func<IReadOnlyCollection<RetainedBlock>, IReadOnlySet<Ulid>> deletable, Action<string>? warned)
    {
        _data = data;
        _deletable = deletable;
        _warned = warned;
        DeleteTemporaries();
        MendVersions();
        Reload();
    }

    /// <summary>The blocks as they are now, by first time.</summary>
    public IReadOnlyList<Block> Current => Volatile.Read(ref _blocks);

    /// <summary>Answers to selections in the blocks.</summary>
    public PostingsCache Postings { get; } = new();

    /// <summary>Looks into the directory so far.</summary>
    public long Reloads => Interlocked.Read(ref _reloads);

    /// <summary>Looks that failed, or met a block that could not be opened.</summary>
    public long FailedReloads => Interlocked.Read(ref _failedReloads);

    /// <summary>Blocks that could not be opened at the last look.</summary>
    public int QuarantinedCount { get; private set; }

    /// <summary>
    /// The end of the newest block that was written from the whole head: what is older in the log is in blocks.
    /// <see cref="long.MinValue"/> without one.
    /// </summary>
    public long HeadWrittenUpToMs => Current
        .Where(block => block.Meta.Compaction.IsFromWholeHead)
        .Select(block => block.Meta.MaxTimeMs)
        .DefaultIfEmpty(long.MinValue)
        .Max();

    /// <summary>Opens views on the blocks that may have samples with minTimeMs ≤ t ≤ maxTimeMs.</summary>
    public IReadOnlyList<IQuerier> OpenQueriers(long minTimeMs, long maxTimeMs)
    {
        var queriers = new List<IQuerier>();
        while (!TryOpenQueriers(minTimeMs, maxTimeMs, queriers))
        {
            // A block was dropped since the list was read: what is kept of it is in another one of the new list.
            queriers.ForEach(querier => querier.Dispose());
            queriers.Clear();
        }

        return queriers;
    }

    /// <summary>
    /// Looks which blocks there are: opens new ones, drops those that are gone, deletes those that are not to be kept. Others see the
    /// old list or the new one.
    /// </summary>
    /// <exception cref="IOException">The directory could not be read; the list is as it was.</exception>
    public void Reload()
    {
        Interlocked.Increment(ref _reloads);
        try
        {
            Refresh();
        }
        catch
        {
            Interlocked.Increment(ref _failedReloads);
            throw;
        }
    }

    /// <summary>
    /// Whether the last look opened a block: it is in the list, or was dropped at once because it is not to be kept. Not beside a look.
    /// </summary>
    public bool IsReadable(Ulid ulid) => _dropped.Contains(ulid) || Current.Any(block => block.Meta.Ulid == ulid);

    /// <summary>Deletes a block that is not open, if the disk allows it.</summary>
    public void TryDelete(Ulid ulid)
    {
        try
        {
            Delete(ulid);
        }
        catch (IOException e)
        {
            _warned?.Invoke($"delete obsolete block {ulid}: {e.Message}");
        }
    }

    /// <summary>Closes all blocks; their files are closed when their readers are done.</summary>
    public void Dispose()
    {
        Block[] blocks = Interlocked.Exchange(ref _blocks, []);
        foreach (Block block in blocks)
            block.Close();
    }

    private bool TryOpenQueriers(long minTimeMs, long maxTimeMs, List<IQuerier> queriers)
    {
        foreach (Block block in Volatile.Read(ref _blocks))
        {
            if (!block.Meta.Overlaps(minTimeMs, maxTimeMs))
                continue;
            if (BlockQuerier.TryOpen(block, minTimeMs, maxTimeMs, Postings) is not { } querier)
                return false;
            queriers.Add(querier);
        }

        return true;
    }

    private void Refresh()
    {
        Dictionary<Ulid, Block> loaded = _blocks.ToDictionary(block => block.Meta.Ulid);
        var present = new List<Block>();
        var failed = new Dictionary<Ulid, string>();
        foreach (Ulid ulid in PresentUlids())
        {
            if (loaded.TryGetValue(ulid, out Block? block) || TryOpen(ulid, failed, out block))
                present.Add(block);
        }

        IReadOnlySet<Ulid> deletable = FindDeletable(present, loaded);
        Publish([.. present.Where(block => !deletable.Contains(block.Meta.Ulid)).OrderBy(block => block.Meta.MinTimeMs)]);
        Quarantine(failed, deletable);
        _dropped = [.. present.Select(block => block.Meta.Ulid).Where(deletable.Contains)];
        foreach (Block block in present.Where(block => deletable.Contains(block.Meta.Ulid)))
            Drop(block);
        foreach (Block block in loaded.Values.Except(present))
            Close(block);
        foreach (Ulid ulid in failed.Keys.Where(deletable.Contains))
            TryDelete(ulid);
    }

    private IReadOnlySet<Ulid> FindDeletable(List<Block> present, Dictionary<Ulid, Block> loaded)
    {
        try
        {
            return _deletable([.. present.Select(block => new RetainedBlock(block.Meta, block.SizeBytes))]);
        }
        catch
        {
            foreach (Block block in present.Except(loaded.Values))
                block.Close();
            throw;
        }
    }

    private IEnumerable<Ulid> PresentUlids()
    {
        Ulid[] leaving;
        lock (_leaving)
            leaving = [.. _leaving];
        foreach (StorageEntry entry in _data.List())
        {
            // Small letters are digits too, but no name that anyone gives a block.
            if (entry.IsDirectory && Ulid.TryParse(entry.Name, out Ulid ulid) && ulid.ToString() == entry.Name && !leaving.Contains(ulid))
                yield return ulid;
        }
    }

    private bool TryOpen(Ulid ulid, Dictionary<Ulid, string> failed, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Block? block)
    {
        block = null;
        try
        {
            block = Block.Open(_data.GetDirectory(ulid.ToString()));
            if (block.Meta.Ulid == ulid)
                return true;
            block.Close();
            failed[ulid] = $"its metadata names block {block.Meta.Ulid}";
            return false;
        }
        catch (Exception e) when (e is IOException or StorageException)
        {
            failed[ulid] = e.Message;
            return false;
        }
    }

    private void Publish(Block[] blocks) => Volatile.Write(ref _blocks, blocks);

    private void Quarantine(Dictionary<Ulid, string> failed, IReadOnlySet<Ulid> deletable)
    {
        foreach (Ulid ulid in _quarantined.Keys.Except(failed.Keys).ToArray())
            _quarantined.Remove(ulid);
        foreach ((Ulid ulid, string reason) in failed)
        {
            if (deletable.Contains(ulid))
            {
                _warned?.Invoke(
                    "Found corrupted block, but replaced by compacted one so it's safe to delete. "
                    + $"This should not happen with atomic deletes. block={ulid}");
            }
            else if (_quarantined.TryAdd(ulid, reason))
            {
                _warned?.Invoke($"corrupted block {ulid} is left out: {reason}");
            }
        }

        QuarantinedCount = _quarantined.Count;
        if (_quarantined.Count > 0)
            Interlocked.Increment(ref _failedReloads);
    }

    private void Close(Block block, Action? whenUnused = null)
    {
        Postings.Forget(block.Meta.Ulid);
        block.Close(whenUnused);
    }

    // The directory goes when nobody reads the block any more. Where open files allow it, it loses its name at once: after a crash it
    // must not be found beside a block that was made of the one that was made of it, which tells of its own parents only.
    private void Drop(Block block)
    {
        Ulid ulid = block.Meta.Ulid;
        lock (_leaving)
            _leaving.Add(ulid);
        TryMoveAside(ulid);
        Close(block, () =>
        {
            TryDelete(ulid);
            lock (_leaving)
                _leaving.Remove(ulid);
        });
    }

    private void TryMoveAside(Ulid ulid)
    {
        try
        {
            MoveAside(ulid.ToString());
        }
        catch (IOException)
        {
            // Tried again, and reported then, when nobody reads it any more.
        }
    }

    // Renamed first, and for good: half a block must never be found under its name.
    private void Delete(Ulid ulid)
    {
        string name = ulid.ToString();
        MoveAside(name);
        _data.Sync();
        _data.DeleteDirectory(name + DeletionSuffix);
    }

    private void MoveAside(string name)
    {
        if (_data.List().Any(entry => entry.Name == name))
            _data.Rename(name, name + DeletionSuffix);
    }

    private void DeleteTemporaries()
    {
        foreach (StorageEntry entry in _data.List())
        {
            if (entry.IsDirectory && IsTemporary(entry.Name))
                _data.DeleteDirectory(entry.Name);
        }
    }

    // The look that follows leaves out what could not be mended, and says why if it is the block's own fault.
    private void MendVersions()
    {
        foreach (Ulid ulid in PresentUlids())
        {
            try
            {
                if (BlockRepair.MendVersion(_data.GetDirectory(ulid.ToString())))
                    _warned?.Invoke($"mended block {ulid}, which was written by Prometheus 2.1 with wrong versions");
            }
            catch (Exception e) when (e is StorageException or FileNotFoundException or DirectoryNotFoundException)
            {
                continue;
            }
            catch (IOException e)
            {
                _warned?.Invoke($"block {ulid} cannot be mended: {e.Message}");
            }
        }
    }

    // As upstream's isTmpDir: blocks and snapshots of chunks in the making, or on their way out.
    private static bool IsTemporary(string name)
    {
        foreach (string suffix in (string[])[BlockWriter.TemporarySuffix, DeletionSuffix, OldSuffix])
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
                return Ulid.TryParse(name.AsSpan(0, name.Length - suffix.Length), out _) || name.StartsWith("chunk_snapshot.", StringComparison.Ordinal);
        }

        return false;
    }
}
