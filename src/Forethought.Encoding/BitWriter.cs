using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Forethought.Encoding;

/// <summary>
/// Writes bits, most significant first, into a caller's span. Bits are gathered in a register: the destination is complete only
/// after <see cref="Flush"/>. Pass it by reference.
/// </summary>
public ref struct BitWriter
{
    private readonly Span<byte> _destination;

    // Whole words stored so far, in bytes.
    private int _stored;

    // Invariant: the top _pendingBits (0 to 63) bits are written but not stored, the rest is zero.
    private ulong _pending;
    private int _pendingBits;

    /// <summary>Starts at the first bit of <paramref name="destination"/>, whose old content is overwritten.</summary>
    public BitWriter(Span<byte> destination) => _destination = destination;

    /// <summary>Goes on after the first <paramref name="bitLength"/> bits that <paramref name="destination"/> already holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination has fewer bits than that, or the length is negative.</exception>
    public BitWriter(Span<byte> destination, int bitLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bitLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitLength, destination.Length * 8L);
        _destination = destination;
        _stored = bitLength >> 3;
        _pendingBits = bitLength & 7;
        if (_pendingBits > 0)
            _pending = (ulong)(destination[_stored] & (0xff00 >> _pendingBits)) << 56;
    }

    /// <summary>Bits written so far, those the destination held at the start included.</summary>
    public readonly int BitLength => _stored * 8 + _pendingBits;

    /// <summary>Writes one bit.</summary>
    /// <exception cref="InvalidOperationException">The destination is full.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBit(bool bit) => WriteBits(bit ? 1UL : 0, 1);

    /// <summary>Writes the low <paramref name="count"/> bits of <paramref name="value"/>, 0 to 64; higher ones are ignored.</summary>
    /// <exception cref="InvalidOperationException">The destination is full.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBits(ulong value, int count)
    {
        if (count < 64)
            value &= (1UL << count) - 1;
        int free = 64 - _pendingBits;
        if (count < free)
        {
            // With nothing pending and count 0 the shift is by 64, thus by 0, of a zero.
            _pending |= value << (free - count);
            _pendingBits += count;
            return;
        }

        int rest = count - free;
        Store(_pending | value >> rest);
        _pending = rest == 0 ? 0 : value << (64 - rest);
        _pendingBits = rest;
    }

    /// <summary>Writes a <see cref="Varint"/> code, which need not be aligned.</summary>
    /// <exception cref="InvalidOperationException">The destination is full.</exception>
    public void WriteUvarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            WriteBits((value & 0x7f) | 0x80, 8);
        WriteBits(value, 8);
    }

    /// <summary>Writes a zigzag-coded <see cref="Varint"/>, which need not be aligned.</summary>
    /// <exception cref="InvalidOperationException">The destination is full.</exception>
    public void WriteVarint(long value) => WriteUvarint(Varint.ZigZag(value));

    /// <summary>
    /// Stores the gathered bits, the last byte filled up with zeros. Writing may go on afterwards, from the same bit.
    /// </summary>
    /// <returns>The length in bytes.</returns>
    /// <exception cref="InvalidOperationException">The destination is too short.</exception>
    public readonly int Flush()
    {
        int length = (BitLength + 7) >> 3;
        if (length > _destination.Length)
            ThrowFull();
        ulong pending = _pending;
        for (int i = _stored; i < length; i++, pending <<= 8)
            _destination[i] = (byte)(pending >> 56);
        return length;
    }

    private void Store(ulong word)
    {
        if (_destination.Length - _stored < sizeof(ulong))
            ThrowFull();
        BinaryPrimitives.WriteUInt64BigEndian(_destination[_stored..], word);
        _stored += sizeof(ulong);
    }

    [DoesNotReturn]
    private static void ThrowFull() => throw new InvalidOperationException("the destination of the bit stream is full");
}
