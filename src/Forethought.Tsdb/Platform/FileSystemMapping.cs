using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Forethought.Tsdb.Platform;

/// <summary>A file of the file system, mapped by the operating system.</summary>
/// <remarks>
/// Bounds: a view covers the file's whole length at the time of mapping; <see cref="Slice"/> refuses what is not within that length
/// and is refused as a whole after disposal, which alone unmaps. Block files are never cut.
/// </remarks>
internal sealed unsafe class FileSystemMapping : IMappedFile
{
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _start;

    /// <exception cref="IOException">The file cannot be mapped.</exception>
    public FileSystemMapping(SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);

        // There are no mappings of nothing.
        if (length == 0)
            return;
        using var file = MemoryMappedFile.CreateFromFile(
            handle, mapName: null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
        Length = length;
    }

    public long Length { get; private set; }

    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    public void Dispose()
    {
        if (Length == 0)
            return;
        Length = 0;
        _start = null;
        _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
