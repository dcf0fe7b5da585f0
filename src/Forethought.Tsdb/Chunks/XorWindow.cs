using System.Numerics;
using Forethought.Encoding;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Floats as the XOR with their predecessor, as histogram chunks write sums and float counts; the code is that of
/// <see cref="XorChunkState"/>. The window, leading zeros in the low byte and trailing zeros in the next, is the trend of a
/// <see cref="TrackedValue"/>.
/// </summary>
internal static class XorWindow
{
    /// <summary>No window yet: the first change always writes one.</summary>
    public const long None = 0xff;

    public static void Write(ref BitWriter writer, ulong bits, ref TrackedValue tracked)
    {
        ulong change = bits ^ tracked.Value;
        tracked.Value = bits;
        if (change == 0)
        {
            writer.WriteBit(false);
            return;
        }

        int leading = Math.Min(BitOperations.LeadingZeroCount(change), 31);
        int trailing = BitOperations.TrailingZeroCount(change);
        int windowLeading = (int)(tracked.Trend & 0xff);
        int windowTrailing = (int)(tracked.Trend >> 8);
        if (tracked.Trend != None && leading >= windowLeading && trailing >= windowTrailing)
        {
            writer.WriteBits(0b10, 2);
            writer.WriteBits(change >> windowTrailing, 64 - windowLeading - windowTrailing);
            return;
        }

        tracked.Trend = leading | (trailing << 8);
        int width = 64 - leading - trailing;
        // Six bits hold the width; 64 is written as 0.
        writer.WriteBits((0b11UL << 11) | ((ulong)leading << 6) | ((ulong)width & 63), 13);
        writer.WriteBits(change >> trailing, width);
    }

    /// <summary>Reads the successor of a value. A reader starts with the trend 0, the window of all bits.</summary>
    /// <exception cref="InvalidDataException">The bits end or make no sense.</exception>
    public static void Read(ref BitReader reader, ref TrackedValue tracked)
    {
        if (!reader.ReadBit())
            return;
        if (reader.ReadBit())
            tracked.Trend = ReadWindow(ref reader);
        ReadChange(ref reader, ref tracked);
        if (reader.Overrun)
            throw new InvalidDataException("unexpected end of bit stream");
    }

    /// <summary>Reads a new window, 5 bits of leading zeros and 6 bits of width, without looking for the end of the bits.</summary>
    /// <exception cref="InvalidDataException">The window makes no sense.</exception>
    public static long ReadWindow(ref BitReader reader)
    {
        int leading = (int)reader.ReadUnchecked(5);
        int width = (int)reader.ReadUnchecked(6);
        int trailing = width == 0 ? -leading : 64 - leading - width;
        if (trailing < 0)
            throw new InvalidDataException("an XOR window of more than 64 bits");
        return leading | (trailing << 8);
    }

    /// <summary>Reads the bits within the window, without looking for their end, and applies them.</summary>
    public static void ReadChange(ref BitReader reader, ref TrackedValue tracked)
    {
        int leading = (int)(tracked.Trend & 0xff);
        int trailing = (int)(tracked.Trend >> 8);
        tracked.Value ^= reader.ReadUnchecked(64 - leading - trailing) << trailing;
    }
}
