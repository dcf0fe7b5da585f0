using System.Buffers.Binary;

namespace Forethought.Encoding;

/// <summary>
/// Reads a zstd bit stream from its end to its beginning (RFC 8878, section 4.1): the last byte's highest one bit marks where it
/// starts. Past the beginning bits are zeros; <see cref="Remaining"/> is negative then. Never reads outside its span.
/// </summary>
internal ref struct ZstdBitReader
{
    private readonly ReadOnlySpan<byte> _source;

    /// <exception cref="InvalidDataException">There is no mark.</exception>
    public ZstdBitReader(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty || source[^1] == 0)
            throw new InvalidDataException("a bit stream without its end mark");
        _source = source;
        Remaining = 8 * source.Length - (System.Numerics.BitOperations.LeadingZeroCount((uint)source[^1]) - 24) - 1;
    }

    /// <summary>Bits not read yet; negative once more were read than there are.</summary>
    public int Remaining { get; private set; }

    /// <summary>Reads 0 to 32 bits.</summary>
    public uint Read(int count)
    {
        uint value = Peek(count);
        Remaining -= count;
        return value;
    }

    /// <summary>The next 0 to 32 bits.</summary>
    public readonly uint Peek(int count)
    {
        int start = Remaining - count;
        if (start >= 0)
            return (uint)((Load(start >> 3) >> (start & 7)) & ((1UL << count) - 1));
        int present = Math.Max(Remaining, 0);
        return present == 0 ? 0 : (uint)((Load(0) & ((1UL << present) - 1)) << (count - present));
    }

    /// <summary>Passes over bits that were looked at.</summary>
    public void Skip(int count) => Remaining -= count;

    private readonly ulong Load(int offset)
    {
        if (offset <= _source.Length - sizeof(ulong))
            return BinaryPrimitives.ReadUInt64LittleEndian(_source[offset..]);
        ulong value = 0;
        for (int i = _source.Length - 1; i >= offset; i--)
            value = value << 8 | _source[i];
        return value;
    }
}
