using System.IO.Enumeration;

namespace Forethought.Tsdb.Platform;

/// <summary>A storage directory of the file system. Thread-safe.</summary>
public sealed class FileSystemDirectory : IStorageDirectory
{
    // Readers of a live log (a backup, say) must never make the writer's open fail.
    private const FileShare ShareAll = FileShare.ReadWrite | FileShare.Delete;

    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Opens a directory, creating it and its parents if they do not exist.</summary>
    public FileSystemDirectory(string path)
    {
        FullName = path;
        Guard(() => Directory.CreateDirectory(path));
    }

    /// <inheritdoc/>
    public string FullName { get; }

    /// <inheritdoc/>
    public long CapacityBytes
    {
        get
        {
            try
            {
                return new DriveInfo(Path.GetFullPath(FullName)).TotalSize;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return 0;
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StorageEntry> List() =>
        Guard(() => new FileSystemEnumerable<StorageEntry>(FullName, Describe, All).ToArray());

    /// <inheritdoc/>
    public IStorageFile Create(string name) =>
        Guard(() => new FileSystemFile(File.OpenHandle(PathOf(name), FileMode.Create, FileAccess.ReadWrite, ShareAll)));

    /// <inheritdoc/>
    public IStorageFile Open(string name, bool isWritable)
    {
        FileAccess access = isWritable ? FileAccess.ReadWrite : FileAccess.Read;
        return Guard(() => new FileSystemFile(File.OpenHandle(PathOf(name), FileMode.Open, access, ShareAll)));
    }

    /// <inheritdoc/>
    public void Delete(string name) => Guard(() => File.Delete(PathOf(name)));

    /// <inheritdoc/>
    public void Rename(string from, string to) => Guard(() =>
    {
        if (!Directory.Exists(PathOf(from)))
        {
            File.Move(PathOf(from), PathOf(to), overwrite: true);
            return;
        }

        DeleteDirectory(to);
        Directory.Move(PathOf(from), PathOf(to));
    });

    /// <inheritdoc/>
    public bool TryLink(string name, IStorageDirectory into)
    {
        ArgumentNullException.ThrowIfNull(into);
        return HardLink.TryCreate(PathOf(name), Path.Combine(into.FullName, name));
    }

    /// <inheritdoc/>
    public void Sync() => DirectorySync.Sync(FullName);

    /// <inheritdoc/>
    public IStorageDirectory GetDirectory(string name) => new FileSystemDirectory(PathOf(name));

    /// <inheritdoc/>
    public void DeleteDirectory(string name) => Guard(() =>
    {
        if (Directory.Exists(PathOf(name)))
            Directory.Delete(PathOf(name), recursive: true);
    });

    // A file that is gone by now, or a link to nothing, has no length; that is no reason for the others not to be listed.
    private static StorageEntry Describe(ref FileSystemEntry entry) =>
        new(entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory ? 0 : entry.Length);

    private string PathOf(string name) => Path.Combine(FullName, name);

    private static void Guard(Action action) => Guard(() =>
    {
        action();
        return true;
    });

    /// <summary>Denied access is not an <see cref="IOException"/> in .NET; to storage it is one failure among others.</summary>
    private static T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
