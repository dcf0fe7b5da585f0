namespace Forethought.Tsdb.Platform;

/// <summary>An entry of a storage directory.</summary>
/// <param name="Name">Its name without a path.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Length">A file's length in bytes; 0 for a directory.</param>
public readonly record struct StorageEntry(string Name, bool IsDirectory, long Length);
