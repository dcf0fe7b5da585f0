using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Tests.Platform;

/// <summary>A directory of a <see cref="MemoryDisk"/>; its entries survive a power loss once it was synced.</summary>
internal sealed class MemoryDirectory(MemoryDisk disk, string path) : IStorageDirectory
{
    private readonly object _gate = new();
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

    public IStorageFile Create(string name)
    {
        lock (_gate)
        {
            disk.Begin(new DiskOperation(DiskOperationKind.Create, PathOf(name)));
            if (_entries.TryGetValue(name, out object? existing))
                ((MemoryFile)existing).Content = [];
            else
                _entries[name] = new MemoryFile(disk, PathOf(name));
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

    public void DeleteDirectory(string name) => Remove(name);

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            disk.Begin(new DiskOperation(DiskOperationKind.Rename, PathOf(from)));
            _entries[to] = _entries[from];
            _entries.Remove(from);
        }
    }

    public bool TryLink(string name, IStorageDirectory into)
    {
        var directory = (MemoryDirectory)into;
        if (!disk.Links)
            return false;
        disk.Begin(new DiskOperation(DiskOperationKind.Create, directory.PathOf(name)));
        lock (directory._gate)
            return directory._entries.TryAdd(name, File(name));
    }

    public void Sync()
    {
        disk.Begin(new DiskOperation(DiskOperationKind.SyncDirectory, path));
        lock (_gate)
            _synced = new Dictionary<string, object>(_entries);
    }

    public IStorageDirectory GetDirectory(string name)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(name, out object? directory))
            {
                disk.Begin(new DiskOperation(DiskOperationKind.Create, PathOf(name)));
                _entries[name] = directory = new MemoryDirectory(disk, PathOf(name));
            }

            return (MemoryDirectory)directory;
        }
    }

    public void ForgetUnsynced()
    {
        _entries = new Dictionary<string, object>(_synced);
        foreach (object entry in _entries.Values)
        {
            if (entry is MemoryFile file)
                file.ForgetUnsynced();
            else
                ((MemoryDirectory)entry).ForgetUnsynced();
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
            _entries.Remove(name);
        }
    }

    private string PathOf(string name) => $"{path}/{name}";
}
