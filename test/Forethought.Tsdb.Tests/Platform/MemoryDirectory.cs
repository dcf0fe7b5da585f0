using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Tests.Platform;

/// <summary>A directory of a <see cref="MemoryDisk"/>; its entries survive a power loss once it was synced.</summary>
internal sealed class MemoryDirectory(MemoryDisk disk, string path) : IStorageDirectory
{
    private readonly object _gate = new();
    private readonly List<UnsyncedName> _unsynced = [];
    private Dictionary<string, object> _entries = [];
    private Dictionary<string, object> _synced = [];

    public long CapacityBytes => disk.CapacityBytes;

    public string FullName => path;

    public IReadOnlyList<StorageEntry> List()
    {
        lock (_gate)
            return [.. _entries.Select(Describe)];
    }

    public MemoryFile File(string name) => (MemoryFile)_entries[name];

    /// <summary>A file or directory; null if there is none of that name.</summary>
    public object? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>Whether an entry would be there after a power loss.</summary>
    public bool IsDurable(string name) =>
        _synced.TryGetValue(name, out object? entry) && entry == Find(name) && !_unsynced.Exists(change => change.Added == name || change.Removed == name);

    public IStorageFile Create(string name)
    {
        lock (_gate)
        {
            disk.Begin(new DiskOperation(DiskOperationKind.Create, PathOf(name)));
            if (_entries.TryGetValue(name, out object? existing))
                ((MemoryFile)existing).Truncate();
            else
                Change(new UnsyncedName(null, name, new MemoryFile(disk, PathOf(name))));
            return Opened(name);
        }
    }

    public IStorageFile Open(string name, bool isWritable)
    {
        if (disk.RefusesToOpen?.Invoke(PathOf(name)) == true)
            throw new IOException($"Too many open files : '{PathOf(name)}'");
        lock (_gate)
            return _entries.ContainsKey(name) ? Opened(name) : throw new FileNotFoundException($"no such file: {PathOf(name)}");
    }

    public void Delete(string name) => Remove(name);

    // Its entries go one by one.
    public void DeleteDirectory(string name)
    {
        if (Find(name) is MemoryDirectory directory)
        {
            foreach (StorageEntry entry in directory.List())
            {
                if (entry.IsDirectory)
                    directory.DeleteDirectory(entry.Name);
                else
                    directory.Delete(entry.Name);
            }
        }

        Remove(name);
    }

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            if (Find(to) is MemoryDirectory)
                DeleteDirectory(to);
            disk.Begin(new DiskOperation(DiskOperationKind.Rename, PathOf(from)));
            Change(new UnsyncedName(from, to, _entries[from]));
        }
    }

    public bool TryLink(string name, IStorageDirectory into)
    {
        var directory = (MemoryDirectory)into;
        if (!disk.Links)
            return false;
        disk.Begin(new DiskOperation(DiskOperationKind.Create, directory.PathOf(name)));
        lock (directory._gate)
        {
            if (directory._entries.ContainsKey(name))
                return false;
            directory.Change(new UnsyncedName(null, name, File(name)));
            return true;
        }
    }

    public void Sync()
    {
        disk.Begin(new DiskOperation(DiskOperationKind.SyncDirectory, path));
        lock (_gate)
        {
            _synced = new Dictionary<string, object>(_entries);
            _unsynced.Clear();
        }
    }

    public IStorageDirectory GetDirectory(string name)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(name, out object? directory))
            {
                disk.Begin(new DiskOperation(DiskOperationKind.Create, PathOf(name)));
                directory = new MemoryDirectory(disk, PathOf(name));
                Change(new UnsyncedName(null, name, directory));
            }

            return (MemoryDirectory)directory;
        }
    }

    /// <summary>Moves an entry to another disk's directory.</summary>
    public void Move(string name, MemoryDirectory into)
    {
        into.Change(new UnsyncedName(null, name, _entries[name]));
        Change(new UnsyncedName(name, null, null));
    }

    public void ForgetUnsynced()
    {
        _entries = new Dictionary<string, object>(_synced);
        _unsynced.Clear();
        foreach (object entry in _entries.Values)
        {
            if (entry is MemoryFile file)
                file.ForgetUnsynced();
            else
                ((MemoryDirectory)entry).ForgetUnsynced();
        }
    }

    /// <summary>The directory on a copy of the disk, after a power loss or as it is.</summary>
    /// <param name="into">The copy.</param>
    /// <param name="loss">Null for a copy of everything.</param>
    /// <param name="forks">Files and directories that are copied already: a file may have several names.</param>
    public MemoryDirectory Fork(MemoryDisk into, PowerLoss? loss, Dictionary<object, object> forks)
    {
        var fork = new MemoryDirectory(into, path);
        forks[this] = fork;
        Dictionary<string, object> survivors = loss is null ? _entries : AfterLoss(loss);
        foreach ((string name, object entry) in survivors)
            fork._entries[name] = Copy(entry);
        if (loss is not null)
        {
            fork._synced = new Dictionary<string, object>(fork._entries);
            return fork;
        }

        foreach ((string name, object entry) in _synced)
            fork._synced[name] = Copy(entry);
        fork._unsynced.AddRange(_unsynced.Select(change => change with { Entry = change.Entry is null ? null : Copy(change.Entry) }));
        return fork;

        object Copy(object entry)
        {
            if (forks.TryGetValue(entry, out object? copy))
                return copy;
            copy = entry is MemoryFile file ? file.Fork(into, loss) : ((MemoryDirectory)entry).Fork(into, loss, forks);
            forks[entry] = copy;
            return copy;
        }
    }

    private static StorageEntry Describe(KeyValuePair<string, object> entry) =>
        entry.Value is MemoryFile file ? new(entry.Key, false, file.Length) : new(entry.Key, true, 0);

    private MemoryFile Opened(string name)
    {
        var file = (MemoryFile)_entries[name];
        file.IsOpen = true;
        return file;
    }

    private void Remove(string name)
    {
        lock (_gate)
        {
            disk.Begin(new DiskOperation(DiskOperationKind.Delete, PathOf(name)));
            if (_entries.ContainsKey(name))
                Change(new UnsyncedName(name, null, null));
        }
    }

    private void Change(UnsyncedName change)
    {
        Apply(_entries, change);
        _unsynced.Add(change);
    }

    private Dictionary<string, object> AfterLoss(PowerLoss loss)
    {
        var entries = new Dictionary<string, object>(_synced);
        foreach (UnsyncedName change in loss.Survivors(_unsynced))
            Apply(entries, change);
        return entries;
    }

    private static void Apply(Dictionary<string, object> entries, UnsyncedName change)
    {
        if (change.Removed is not null)
            entries.Remove(change.Removed);
        if (change.Added is not null)
            entries[change.Added] = change.Entry!;
    }

    private string PathOf(string name) => $"{path}/{name}";
}
