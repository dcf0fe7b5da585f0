using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>The files of a data directory by their paths, to be put on a disk again with one of them damaged.</summary>
internal sealed class StoredFiles
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public StoredFiles(MemoryDisk disk) => Collect(disk.Root, "");

    public IReadOnlyCollection<string> Paths => _files.Keys;

    public byte[] this[string path] => _files[path];

    /// <summary>A disk with all files, of which one is replaced, or is missing if there is nothing to replace it.</summary>
    public MemoryDisk Restore(string damaged, byte[]? content)
    {
        var disk = new MemoryDisk();
        foreach ((string path, byte[] bytes) in _files)
        {
            if (path != damaged)
                Put(disk, path, [.. bytes]);
            else if (content is not null)
                Put(disk, path, content);
        }

        return disk;
    }

    /// <summary>Puts a file on a disk.</summary>
    public static void Put(MemoryDisk disk, string path, byte[] content)
    {
        MemoryDirectory directory = disk.Root;
        string[] parts = path.Split('/');
        foreach (string part in parts[..^1])
            directory = (MemoryDirectory)directory.GetDirectory(part);
        directory.Create(parts[^1]).Dispose();
        directory.File(parts[^1]).Content = content;
    }

    private void Collect(MemoryDirectory directory, string prefix)
    {
        foreach (StorageEntry entry in directory.List())
        {
            if (entry.IsDirectory)
                Collect((MemoryDirectory)directory.GetDirectory(entry.Name), prefix + entry.Name + "/");
            else
                _files.Add(prefix + entry.Name, [.. directory.File(entry.Name).Content]);
        }
    }
}
