using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Tests.Platform;

/// <summary>A file of a <see cref="MemoryDisk"/>: what programs see, what is on stable storage, and the changes in between.</summary>
internal sealed class MemoryFile(MemoryDisk disk, string path) : IStorageFile
{
    private readonly object _gate = new();
    private readonly List<UnsyncedChange> _unsynced = [];
    private byte[] _content = [];
    private byte[] _synced = [];
    private int _length;

    // Whether others have the array, too: it is not written any more.
    private bool _isShared;

    public long Length => _length;

    public bool IsOpen { get; set; }

    /// <summary>Whether nothing of it would be lost with the power.</summary>
    public bool IsDurable => _unsynced.Count == 0;

    /// <summary>The bytes up to here survive a power loss.</summary>
    public long DurableLength => Math.Min(_unsynced.Select(change => change.Offset).DefaultIfEmpty(long.MaxValue).Min(), _length);

    /// <summary>The bytes themselves, which may be changed behind the disk's back.</summary>
    public byte[] Content
    {
        get
        {
            if (_isShared || _content.Length != _length)
                Own(_length);
            return _content;
        }

        set
        {
            _content = value;
            _length = value.Length;
            _isShared = false;
        }
    }

    public int Read(Span<byte> buffer, long offset)
    {
        lock (_gate)
        {
            disk.BeginRead();
            int count = (int)Math.Clamp(_length - offset, 0, buffer.Length);
            _content.AsSpan((int)Math.Min(offset, _length), count).CopyTo(buffer);
            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        lock (_gate)
        {
            int done = disk.Begin(new DiskOperation(DiskOperationKind.Write, path, bytes.Length), bytes, offset);
            long growth = Math.Max(offset + done - _length, 0);
            if (growth > disk.FreeBytes)
            {
                done -= (int)(growth - disk.FreeBytes);
                growth = disk.FreeBytes;
                disk.HasFailed = true;
            }

            disk.FreeBytes -= growth;
            WriteNow(bytes[..done], offset);
            if (done < bytes.Length)
                throw new IOException("No space left on device");
        }
    }

    /// <summary>Writes without the disk being asked.</summary>
    public void WriteNow(ReadOnlySpan<byte> bytes, long offset)
    {
        int end = (int)offset + bytes.Length;
        if (_isShared || end > _content.Length)
            Own(Math.Max(end, 2 * _length));
        bytes.CopyTo(_content.AsSpan((int)offset));
        _length = Math.Max(_length, end);
        _unsynced.Add(new UnsyncedChange(offset, bytes.ToArray()));
    }

    public void SetLength(long length)
    {
        lock (_gate)
        {
            disk.Begin(new DiskOperation(DiskOperationKind.SetLength, path));
            if (length < _length && disk.FreeBytes < long.MaxValue / 2)
                disk.FreeBytes += _length - length;
            SetLengthNow((int)length);
        }
    }

    public void Sync()
    {
        lock (_gate)
        {
            try
            {
                disk.Begin(new DiskOperation(DiskOperationKind.Sync, path));
            }
            catch (IOException) when (disk.ForgetsFailedSyncs)
            {
                for (int i = 0; i < _unsynced.Count; i++)
                    _unsynced[i] = _unsynced[i] with { IsLost = true };
                throw;
            }

            if (_unsynced.Exists(change => change.IsLost))
            {
                SyncAllBut();
                return;
            }

            _synced = _content.AsSpan(0, _length).ToArray();
            _unsynced.Clear();
        }
    }

    public void DropCached() => disk.NoteDropped(path, _synced.Length);

    public IMappedFile Map() => new MemoryMapping(Content);

    /// <summary>Empties the file, as creating one of its name does.</summary>
    public void Truncate()
    {
        lock (_gate)
            SetLengthNow(0);
    }

    public void ForgetUnsynced()
    {
        Content = [.. _synced];
        _unsynced.Clear();
    }

    /// <summary>The file on a copy of the disk, after a power loss or as it is.</summary>
    public MemoryFile Fork(MemoryDisk into, PowerLoss? loss)
    {
        var fork = new MemoryFile(into, path);
        if (loss is not null && _unsynced.Count > 0)
        {
            fork.Content = loss.Apply(_synced, _unsynced);
            fork._synced = fork._content;
            fork._isShared = true;
            return fork;
        }

        _isShared = true;
        fork._content = _content;
        fork._length = _length;
        fork._isShared = true;
        fork._synced = _synced;
        fork._unsynced.AddRange(_unsynced);
        return fork;
    }

    public void Dispose() => IsOpen = false;

    private void SetLengthNow(int length)
    {
        Own(length);
        _length = length;
        _unsynced.Add(new UnsyncedChange(length, null));
    }

    // Before a length is exceeded all behind it must be zeros.
    private void Own(int capacity)
    {
        byte[] own = new byte[capacity];
        _content.AsSpan(0, Math.Min(_length, capacity)).CopyTo(own);
        _content = own;
        _isShared = false;
    }

    private void SyncAllBut()
    {
        foreach (UnsyncedChange change in _unsynced.Where(change => !change.IsLost))
        {
            int length = change.Bytes is null ? (int)change.Offset : Math.Max(_synced.Length, (int)change.Offset + change.Bytes.Length);
            byte[] synced = new byte[length];
            _synced.AsSpan(0, Math.Min(length, _synced.Length)).CopyTo(synced);
            change.Bytes?.CopyTo(synced, change.Offset);
            _synced = synced;
        }

        _unsynced.RemoveAll(change => !change.IsLost);
    }
}
