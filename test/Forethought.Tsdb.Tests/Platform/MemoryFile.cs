using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Tests.Platform;

/// <summary>A file of a <see cref="MemoryDisk"/>: what programs see, and what would survive a power loss.</summary>
internal sealed class MemoryFile(MemoryDisk disk, string path) : IStorageFile
{
    private readonly object _gate = new();
    private byte[] _content = [];
    private byte[] _synced = [];

    public long Length => _content.Length;

    public bool IsOpen { get; set; }

    public byte[] Content
    {
        get => _content;
        set => _content = value;
    }

    public int Read(Span<byte> buffer, long offset)
    {
        lock (_gate)
        {
            disk.BeginRead();
            int count = (int)Math.Clamp(_content.Length - offset, 0, buffer.Length);
            _content.AsSpan((int)Math.Min(offset, _content.Length), count).CopyTo(buffer);
            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        lock (_gate)
        {
            int done = disk.Begin(new DiskOperation(DiskOperationKind.Write, path, bytes.Length));
            long growth = Math.Max(offset + done - _content.Length, 0);
            if (growth > disk.FreeBytes)
            {
                done -= (int)(growth - disk.FreeBytes);
                growth = disk.FreeBytes;
            }

            disk.FreeBytes -= growth;
            if (offset + done > _content.Length)
                Array.Resize(ref _content, (int)offset + done);
            bytes[..done].CopyTo(_content.AsSpan((int)offset));
            if (done < bytes.Length)
                throw new IOException("No space left on device");
        }
    }

    public void SetLength(long length)
    {
        lock (_gate)
        {
            disk.Begin(new DiskOperation(DiskOperationKind.SetLength, path));
            if (length < _content.Length && disk.FreeBytes < long.MaxValue / 2)
                disk.FreeBytes += _content.Length - length;
            Array.Resize(ref _content, (int)length);
        }
    }

    public void Sync()
    {
        disk.Begin(new DiskOperation(DiskOperationKind.Sync, path));
        _synced = [.. _content];
    }

    public void DropCached() => disk.NoteDropped(path, _synced.Length);

    public IMappedFile Map() => new MemoryMapping(_content);

    public void ForgetUnsynced() => _content = [.. _synced];

    public void Dispose() => IsOpen = false;
}
