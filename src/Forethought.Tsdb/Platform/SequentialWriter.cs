using System.Buffers.Binary;
using Forethought.Encoding;

namespace Forethought.Tsdb.Platform;

/// <summary>
/// Writes a file from front to back through a buffer and keeps a CRC-32C of what was written since it was last asked to. Integers
/// are big-endian. Owns the file. For one thread.
/// </summary>
internal sealed class SequentialWriter(IStorageFile file) : IDisposable
{
    private const int FirstBufferBytes = 4 << 10;
    private const int BufferBytes = 256 << 10;

    // Grows up to its full size: most files of a small block fit the first one.
    private byte[] _buffer = new byte[FirstBufferBytes];
    private long _flushed;
    private int _used;
    private uint _checksum;

    // What lies before this in the buffer is part of the checksum already, or not to be.
    private int _checksumFrom;

    /// <summary>Bytes written so far: where the next one goes.</summary>
    public long Position => _flushed + _used;

    /// <summary>Begins a checksum with the next byte.</summary>
    public void BeginChecksum()
    {
        _checksum = 0;
        _checksumFrom = _used;
    }

    /// <summary>Writes the checksum of what was written since <see cref="BeginChecksum"/>.</summary>
    public void WriteChecksum()
    {
        SumUp();
        WriteUInt32(_checksum);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length);
        while (bytes.Length > BufferBytes - _used)
        {
            int fitting = BufferBytes - _used;
            bytes[..fitting].CopyTo(_buffer.AsSpan(_used));
            _used = BufferBytes;
            bytes = bytes[fitting..];
            Flush();
        }

        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    public void WriteByte(byte value)
    {
        Demand(1);
        _buffer[_used++] = value;
    }

    public void WriteUInt32(uint value)
    {
        Demand(sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(_used), value);
        _used += sizeof(uint);
    }

    public void WriteUInt64(ulong value)
    {
        Demand(sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.AsSpan(_used), value);
        _used += sizeof(ulong);
    }

    public void WriteUvarint(ulong value)
    {
        Demand(Varint.MaxLength);
        _used += Varint.WriteUvarint(_buffer.AsSpan(_used), value);
    }

    public void WriteVarint(long value) => WriteUvarint(Varint.ZigZag(value));

    /// <summary>Writes a text behind its length.</summary>
    public void WriteText(ReadOnlySpan<byte> text)
    {
        WriteUvarint((ulong)text.Length);
        Write(text);
    }

    /// <summary>Writes zeros up to the next multiple of <paramref name="alignment"/>.</summary>
    public void Pad(int alignment)
    {
        while (Position % alignment != 0)
            WriteByte(0);
    }

    /// <summary>Replaces four bytes that were written before.</summary>
    public void PatchUInt32(long position, uint value)
    {
        Flush();
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        file.Write(bytes, position);
    }

    /// <summary>Hands what is buffered to the operating system, so that the file can be read up to <see cref="Position"/>.</summary>
    public void Flush()
    {
        if (_used == 0)
            return;
        SumUp();
        file.Write(_buffer.AsSpan(0, _used), _flushed);
        _flushed += _used;
        _used = 0;
        _checksumFrom = 0;
    }

    /// <summary>Returns once everything is on stable storage.</summary>
    public void Sync()
    {
        Flush();
        file.Sync();
    }

    /// <summary>Syncs and then has the operating system forget what it keeps of the file.</summary>
    public void SyncUncached()
    {
        Sync();
        file.DropCached();
    }

    /// <summary>Closes the file; what was not flushed is lost.</summary>
    public void Dispose() => file.Dispose();

    private void Demand(int size)
    {
        if (BufferBytes - _used < size)
            Flush();
        Grow(size);
    }

    private void Grow(int size)
    {
        long needed = (long)_used + size;
        if (needed > _buffer.Length && _buffer.Length < BufferBytes)
            Array.Resize(ref _buffer, (int)Math.Min(BufferBytes, Math.Max(needed, 2 * _buffer.Length)));
    }

    private void SumUp()
    {
        _checksum = Crc32C.Append(_checksum, _buffer.AsSpan(_checksumFrom, _used - _checksumFrom));
        _checksumFrom = _used;
    }
}
