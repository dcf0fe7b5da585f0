using Forethought.Encoding;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>Reads the series of an index that is being written from front to back. For one thread.</summary>
/// <param name="file">The index.</param>
/// <param name="start">Where the series begin.</param>
/// <param name="end">Where the last one ends.</param>
internal sealed class SeriesScanner(IStorageFile file, long start, long end)
{
    private byte[] _buffer = new byte[256 << 10];
    private long _bufferStart = start;
    private int _buffered;
    private long _next = start;
    private int _entry;
    private int _entryLength;

    /// <summary>The reference of the series that the last move reached.</summary>
    public uint Reference { get; private set; }

    /// <summary>What the index has of the series that the last move reached.</summary>
    public SeriesEntry Entry => new(_buffer.AsSpan(_entry, _entryLength));

    /// <summary>Moves to the next series; false at the end.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool MoveNext()
    {
        const int Alignment = BlockIndexFormat.SeriesAlignment;
        long offset = (_next + Alignment - 1) / Alignment * Alignment;
        if (offset >= end)
            return false;
        Varint.TryReadUvarint(Buffered(offset, (int)Math.Min(Varint.MaxLength, end - offset)), out ulong length, out int prefix);
        int size = prefix + (int)length + BlockIndexFormat.ChecksumBytes;
        Buffered(offset, size);
        _entry = (int)(offset - _bufferStart) + prefix;
        _entryLength = (int)length;
        Reference = (uint)(offset / Alignment);
        _next = offset + size;
        return true;
    }

    private ReadOnlySpan<byte> Buffered(long offset, int length)
    {
        if (offset + length > _bufferStart + _buffered)
        {
            if (_buffer.Length < length)
                _buffer = new byte[length * 2];
            _bufferStart = offset;
            _buffered = file.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, end - offset)), offset);
            if (_buffered < length)
                throw new IOException($"read back {_buffered} bytes of the index at {offset} where {length} were written");
        }

        return _buffer.AsSpan((int)(offset - _bufferStart), length);
    }
}
