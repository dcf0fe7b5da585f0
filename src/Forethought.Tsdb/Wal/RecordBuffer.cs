using System.Buffers.Binary;
using Forethought.Encoding;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// The encoded records of one commit, back to back. Reused from commit to commit; whoever hands one to the log leaves it alone
/// until the log is done with it. Not thread-safe.
/// </summary>
internal sealed class RecordBuffer
{
    /// <summary>A buffer that grew past this (a first scrape of a huge target, say) is let go when cleared.</summary>
    private const int MaxKeptBytes = 4 << 20;

    private byte[] _bytes = new byte[512];
    private int[] _ends = new int[8];
    private int _length;

    /// <summary>The number of finished records.</summary>
    public int Count { get; private set; }

    /// <summary>All bytes written, in bytes.</summary>
    public int Length => _length;

    /// <summary>A finished record.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            int start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    /// <summary>Forgets all records.</summary>
    public void Clear()
    {
        if (_bytes.Length > MaxKeptBytes)
            _bytes = new byte[512];
        _length = 0;
        Count = 0;
    }

    /// <summary>Starts a record. One record at a time is open.</summary>
    public void Begin(WalRecordType type) => WriteByte((byte)type);

    /// <summary>Finishes the open record.</summary>
    public void End()
    {
        if (Count == _ends.Length)
            Array.Resize(ref _ends, 2 * Count);
        _ends[Count++] = _length;
    }

    /// <summary>Room for at least <paramref name="size"/> bytes, to be claimed by <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - _length < size)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + size));
        return _bytes.AsSpan(_length);
    }

    /// <summary>Claims bytes written into the span that <see cref="Reserve"/> gave.</summary>
    public void Advance(int written) => _length += written;

    public void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(sizeof(ulong)), value);
        _length += sizeof(ulong);
    }

    public void WriteInt64(long value) => WriteUInt64((ulong)value);

    public void WriteDouble(double value) => WriteUInt64(BitConverter.DoubleToUInt64Bits(value));

    public void WriteUvarint(ulong value) => _length += Varint.WriteUvarint(Reserve(Varint.MaxLength), value);

    public void WriteVarint(long value) => _length += Varint.WriteVarint(Reserve(Varint.MaxLength), value);

    /// <summary>Writes a length as uvarint and then the bytes.</summary>
    public void WriteText(ReadOnlySpan<byte> text)
    {
        WriteUvarint((ulong)text.Length);
        text.CopyTo(Reserve(text.Length));
        _length += text.Length;
    }
}
