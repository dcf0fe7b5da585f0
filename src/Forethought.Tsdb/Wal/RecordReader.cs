using System.Buffers.Binary;
using Forethought.Encoding;

namespace Forethought.Tsdb.Wal;

/// <summary>A cursor over the bytes of a record; every read past the end is a <see cref="TsdbCorruptionException"/>.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> record, int position)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private int _position = position;

    public readonly bool IsAtEnd => _position >= _record.Length;

    public readonly int Remaining => _record.Length - _position;

    public readonly int Position => _position;

    public byte ReadByte()
    {
        Demand(1);
        return _record[_position++];
    }

    public uint ReadUInt32()
    {
        Demand(sizeof(uint));
        uint value = BinaryPrimitives.ReadUInt32BigEndian(_record[_position..]);
        _position += sizeof(uint);
        return value;
    }

    public ulong ReadUInt64()
    {
        Demand(sizeof(ulong));
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(_record[_position..]);
        _position += sizeof(ulong);
        return value;
    }

    public long ReadInt64() => (long)ReadUInt64();

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadUInt64());

    public ulong ReadUvarint()
    {
        if (!Varint.TryReadUvarint(_record[_position..], out ulong value, out int length))
            ThrowInvalidSize("a uvarint", length);
        _position += length;
        return value;
    }

    public long ReadVarint() => Varint.UnZigZag(ReadUvarint());

    /// <summary>Reads a number of items of at least <paramref name="minItemSize"/> bytes, so that the record bounds it.</summary>
    public int ReadCount(int minItemSize)
    {
        ulong count = ReadUvarint();
        if (count > (ulong)(Remaining / minItemSize))
            TsdbCorruptionException.Throw("invalid size", _position, $"at most {Remaining / minItemSize} items", $"{count}");
        return (int)count;
    }

    /// <summary>Reads a length and as many bytes, which stay valid as long as the record.</summary>
    public ReadOnlySpan<byte> ReadText()
    {
        int length = ReadCount(1);
        ReadOnlySpan<byte> text = _record.Slice(_position, length);
        _position += length;
        return text;
    }

    /// <summary>The bytes from an earlier position to here.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _record[start.._position];

    private readonly void Demand(int size)
    {
        if (_record.Length - _position < size)
            ThrowInvalidSize($"{size} bytes", Remaining);
    }

    private readonly void ThrowInvalidSize(string expected, int actual) =>
        TsdbCorruptionException.Throw("invalid size", _position, expected, actual < 0 ? "a longer code" : $"{Remaining} bytes");
}
