namespace Forethought.Tsdb.Platform;

/// <summary>
/// A directory of storage files. The second implementation, in the tests, tears writes, fills the disk and forgets what was not
/// synced. Names are single path elements. A failed call throws <see cref="IOException"/>. Thread-safe.
/// </summary>
public interface IStorageDirectory
{
    /// <summary>The path, for messages.</summary>
    string FullName { get; }

    /// <summary>The size of the file system in bytes, 0 if it is not known.</summary>
    long CapacityBytes { get; }

    /// <summary>The entries, in no particular order.</summary>
    IReadOnlyList<StorageEntry> List();

    /// <summary>Creates a file for reading and writing, emptying one that exists.</summary>
    IStorageFile Create(string name);

    /// <summary>Opens an existing file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    IStorageFile Open(string name, bool isWritable);

    /// <summary>Deletes a file; nothing happens if there is none.</summary>
    void Delete(string name);

    /// <summary>Renames a file or directory; one of the new name is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>
    /// Gives a file a second name in another directory (a hard link), where there must be none of that name. For files that nobody
    /// writes any more, though one may be replaced under either name.
    /// </summary>
    /// <returns>False if the file system does not do it, for whatever reason; copying the file may work, or tell the reason.</returns>
    bool TryLink(string name, IStorageDirectory into);

    /// <summary>Returns once creations, deletions and renames in this directory are on stable storage.</summary>
    void Sync();

    /// <summary>A directory below this one, created if it does not exist.</summary>
    IStorageDirectory GetDirectory(string name);

    /// <summary>Deletes a directory below this one with all it holds; nothing happens if there is none.</summary>
    void DeleteDirectory(string name);
}
