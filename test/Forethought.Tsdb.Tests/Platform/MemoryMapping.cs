using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Tests.Platform;

/// <summary>A file of a <see cref="MemoryDisk"/> as it was when it was mapped; used after disposal it throws.</summary>
internal sealed class MemoryMapping(byte[] content) : IMappedFile
{
    private byte[]? _content = content;

    public long Length => _content!.Length;

    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_content is null, this);
        return _content.AsSpan(checked((int)offset), length);
    }

    public void Dispose() => _content = null;
}
