using System.Numerics;
using Forethought.Model;

namespace Forethought.Tsdb.Tests.Chunks;

/// <summary>Float chunks encoded sample by sample after the format's description, for comparison.</summary>
internal static class ReferenceEncoders
{
    public static byte[] Xor(ReadOnlySpan<(long Time, double Value)> samples)
    {
        var bits = new ReferenceBits();
        (int Leading, int Trailing)? window = null;
        long delta = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            ulong value = BitConverter.DoubleToUInt64Bits(samples[i].Value);
            if (i == 0)
            {
                bits.WriteVarint(samples[0].Time);
                bits.Write(value, 64);
                continue;
            }

            long newDelta = unchecked(samples[i].Time - samples[i - 1].Time);
            if (i == 1)
                bits.WriteUvarint((ulong)newDelta);
            else
                WriteXorDelta(bits, unchecked(newDelta - delta));
            delta = newDelta;
            ulong change = value ^ BitConverter.DoubleToUInt64Bits(samples[i - 1].Value);
            if (change == 0)
                bits.Write(0, 1);
            else
                WriteChange(bits, change, ref window, same: (0b10, 2), other: (0b11, 2));
        }

        return bits.ToBytes((byte)(samples.Length >> 8), (byte)samples.Length);
    }

    /// <summary>XOR2 as described in upstream's chunk documentation; a start timestamp of 0 is none.</summary>
    public static byte[] Xor2(ReadOnlySpan<(long Time, long Start, double Value)> samples)
    {
        var bits = new ReferenceBits();
        (int Leading, int Trailing)? window = null;
        ulong baseline = 0;
        long delta = 0, distance = 0;
        int firstChange = 0;
        bool isFirstKnown = samples[0].Start != 0;
        for (int i = 0; i < samples.Length; i++)
        {
            (long time, long start, double sample) = samples[i];
            ulong value = BitConverter.DoubleToUInt64Bits(sample);
            bool isStale = StaleMarker.IsStale(sample);
            if (i == 0)
            {
                bits.WriteVarint(time);
                bits.Write(value, 64);
                if (isFirstKnown)
                    bits.WriteVarint(time - start);
            }
            else
            {
                long previousTime = samples[i - 1].Time;
                long newDelta = time - previousTime;
                if (i == 1)
                    bits.WriteUvarint((ulong)newDelta);
                WriteJoint(bits, i == 1 ? null : newDelta - delta, value, baseline, isStale, ref window);
                delta = newDelta;
                if (firstChange == 0 && (start != samples[i - 1].Start || i == 127))
                {
                    firstChange = i;
                    distance = previousTime - start;
                    bits.WriteVarbit(distance);
                }
                else if (firstChange > 0)
                {
                    bits.WriteVarbit(previousTime - start - distance);
                    distance = previousTime - start;
                }
            }

            if (!isStale)
                baseline = value;
        }

        byte header = (byte)((isFirstKnown ? 0x80 : 0) | firstChange);
        return bits.ToBytes((byte)(samples.Length >> 8), (byte)samples.Length, header);
    }

    private static void WriteJoint(
        ReferenceBits bits, long? change, ulong value, ulong baseline, bool isStale, ref (int Leading, int Trailing)? window)
    {
        if (change == 0)
        {
            if (isStale)
                bits.Write(0b11111, 5);
            else if (value == baseline)
                bits.Write(0, 1);
            else
                WriteChange(bits, value ^ baseline, ref window, same: (0b100, 3), other: (0b101, 3));
            return;
        }

        if (change is >= -4096 and <= 4095)
            Write(bits, 0b110, 3, change.Value, 13);
        else if (change is >= -524288 and <= 524287)
            Write(bits, 0b1110, 4, change.Value, 20);
        else if (change is not null)
            Write(bits, 0b11110, 5, change.Value, 64);
        if (isStale)
            bits.Write(0b111, 3);
        else if (value == baseline)
            bits.Write(0, 1);
        else
            WriteChange(bits, value ^ baseline, ref window, same: (0b10, 2), other: (0b110, 3));
    }

    private static void WriteXorDelta(ReferenceBits bits, long change)
    {
        if (change == 0)
            bits.Write(0, 1);
        else if (change is >= -8191 and <= 8192)
            Write(bits, 0b10, 2, change, 14);
        else if (change is >= -65535 and <= 65536)
            Write(bits, 0b110, 3, change, 17);
        else if (change is >= -524287 and <= 524288)
            Write(bits, 0b1110, 4, change, 20);
        else
            Write(bits, 0b1111, 4, change, 64);
    }

    private static void Write(ReferenceBits bits, ulong prefix, int prefixBits, long value, int width)
    {
        bits.Write(prefix, prefixBits);
        bits.Write((ulong)value, width);
    }

    private static void WriteChange(
        ReferenceBits bits,
        ulong change,
        ref (int Leading, int Trailing)? window,
        (ulong Code, int Bits) same,
        (ulong Code, int Bits) other)
    {
        int leading = Math.Min(BitOperations.LeadingZeroCount(change), 31);
        int trailing = BitOperations.TrailingZeroCount(change);
        if (window is { } w && leading >= w.Leading && trailing >= w.Trailing)
        {
            bits.Write(same.Code, same.Bits);
            bits.Write(change >> w.Trailing, 64 - w.Leading - w.Trailing);
            return;
        }

        window = (leading, trailing);
        int width = 64 - leading - trailing;
        bits.Write(other.Code, other.Bits);
        bits.Write((ulong)leading, 5);
        bits.Write((ulong)width % 64, 6);
        bits.Write(change >> trailing, width);
    }
}
