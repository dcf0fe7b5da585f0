using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Forethought.Encoding;

/// <summary>
/// Reads bits, most significant first, as the chunk encodings pack them. Never reads outside its span: past the end it sees zero bits.
/// </summary>
/// <remarks>
/// <para>
/// Two ways to use it. The checked methods (<c>Try…</c>, or the throwing forms) tell the end of the data by themselves. A decode
/// loop instead calls <see cref="Fill"/>, looks at <see cref="Window"/> and moves on with <see cref="Skip"/>, none of which checks,
/// and asks <see cref="Overrun"/> once at the end of each sample or chunk; the count of samples must bound such a loop.
/// </para>
/// <para>Copy the reader to a local for a hot loop, and pass it by reference.</para>
/// </remarks>
public ref struct BitReader
{
    /// <summary>The bits <see cref="Window"/> holds at least after <see cref="Fill"/>.</summary>
    public const int FilledBits = 56;

    /// <summary>The longest source, in bytes: its bits are counted in an <see cref="int"/>.</summary>
    public const int MaxSourceLength = int.MaxValue / 8 - sizeof(ulong);

    private readonly ReadOnlySpan<byte> _source;

    // Bytes of the source already put into the window; goes on counting past the end, where the bytes are zero.
    private int _position;

    // Invariant: the top _available bits of _window are the next ones to read, and the bits below are either zero or the true
    // ones that follow, so that filling may "or" the same bits in once more.
    private ulong _window;
    private int _available;

    /// <summary>Starts at the first bit of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentException">The source is longer than <see cref="MaxSourceLength"/>.</exception>
    public BitReader(ReadOnlySpan<byte> source)
    {
        if (source.Length > MaxSourceLength)
            ThrowTooLong();
        _source = source;
    }

    /// <summary>Bits not read yet; negative once unchecked reading went past the end.</summary>
    public readonly int RemainingBits => (_source.Length - _position) * 8 + _available;

    /// <summary>Whether more bits were skipped or read than there are.</summary>
    public readonly bool Overrun => RemainingBits < 0;

    /// <summary>
    /// The next bits, the first of them on top: after <see cref="Fill"/> at least <see cref="FilledBits"/> less what was skipped since.
    /// </summary>
    public readonly ulong Window => _window;

    /// <summary>Makes at least <see cref="FilledBits"/> bits visible in <see cref="Window"/>, zeros after the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        ulong next = _position <= _source.Length - sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64BigEndian(_source[_position..])
            : LoadTail(_source, _position);
        _window |= next >> _available;
        _position += (63 - _available) >> 3;
        _available |= FilledBits;
    }

    /// <summary>Passes over <paramref name="count"/> bits, 0 to 56 and not more than are filled, without checking for the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        _window <<= count;
        _available -= count;
    }

    /// <summary>The number of one bits before the next zero bit, at most 56 and not more than remain. Passes over nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CountLeadingOneBits()
    {
        Fill();
        return Math.Min(BitOperations.LeadingZeroCount(~_window), FilledBits);
    }

    /// <summary>Reads one bit.</summary>
    /// <returns>False, with nothing read, at the end of the data.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBit(out bool bit)
    {
        if (RemainingBits <= 0)
        {
            bit = false;
            return false;
        }

        if (_available == 0)
            Fill();
        bit = (long)_window < 0;
        Skip(1);
        return true;
    }

    /// <summary>Reads <paramref name="count"/> bits, 0 to 64, into the low end of <paramref name="value"/>.</summary>
    /// <returns>False, with nothing read, if fewer remain.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBits(int count, out ulong value)
    {
        if (RemainingBits < count)
        {
            value = 0;
            return false;
        }

        value = ReadUnchecked(count);
        return true;
    }

    /// <summary>Reads one bit.</summary>
    /// <exception cref="InvalidDataException">The data end here.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadBit()
    {
        if (!TryReadBit(out bool bit))
            ThrowTruncated();
        return bit;
    }

    /// <summary>Reads <paramref name="count"/> bits, 0 to 64, into the low end of the result.</summary>
    /// <exception cref="InvalidDataException">Fewer bits remain.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadBits(int count)
    {
        if (!TryReadBits(count, out ulong value))
            ThrowTruncated();
        return value;
    }

    /// <summary>
    /// Reads <paramref name="count"/> bits, 0 to 64, without checking for the end, past which they are zero: see <see cref="Overrun"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUnchecked(int count)
    {
        if (count > FilledBits)
        {
            ulong high = ReadUpToFilled(count - 32);
            return high << 32 | ReadUpToFilled(32);
        }

        return ReadUpToFilled(count);
    }

    /// <summary>Reads a <see cref="Varint"/> code whose bytes need not be aligned.</summary>
    /// <returns>False if the data end inside the code or the value does not fit 64 bits; the position is then unspecified.</returns>
    public bool TryReadUvarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 7 * Varint.MaxLength; shift += 7)
        {
            if (!TryReadBits(8, out ulong b) || (shift == 63 && b > 1))
                break;
            value |= (b & 0x7f) << shift;
            if (b < 0x80)
                return true;
        }

        value = 0;
        return false;
    }

    /// <summary>Reads a zigzag-coded <see cref="Varint"/> whose bytes need not be aligned.</summary>
    /// <returns>False if the data end inside the code or the value does not fit 64 bits; the position is then unspecified.</returns>
    public bool TryReadVarint(out long value)
    {
        bool read = TryReadUvarint(out ulong coded);
        value = Varint.UnZigZag(coded);
        return read;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadUpToFilled(int count)
    {
        if (_available < count)
            Fill();
        // In two steps, because a shift by 64 would shift by 0.
        ulong value = _window >> 1 >> (63 - count);
        Skip(count);
        return value;
    }

    /// <summary>The eight bytes at <paramref name="position"/>, zeros where the source has ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong LoadTail(ReadOnlySpan<byte> source, int position)
    {
        ulong next = 0;
        for (int i = position, shift = 56; i < source.Length; i++, shift -= 8)
            next |= (ulong)source[i] << shift;
        return next;
    }

    [DoesNotReturn]
    private static void ThrowTooLong() => throw new ArgumentException("the bit stream is longer than 2^28 bytes", "source");

    [DoesNotReturn]
    private static void ThrowTruncated() => throw new InvalidDataException("unexpected end of bit stream");
}
