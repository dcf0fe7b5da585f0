using Microsoft.Win32.SafeHandles;

namespace Forethought.Tsdb.Platform;

/// <summary>A file of the file system, by <c>pread</c> and <c>pwrite</c>.</summary>
internal sealed class FileSystemFile(SafeFileHandle handle) : IStorageFile
{
    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> buffer, long offset)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Sync() => RandomAccess.FlushToDisk(handle);

    public void DropCached() => PageCache.Drop(handle);

    public IMappedFile Map() => new FileSystemMapping(handle);

    public void Dispose() => handle.Dispose();
}
