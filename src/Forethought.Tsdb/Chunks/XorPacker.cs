using System.Buffers.Binary;
using Forethought.Encoding;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Writes samples that are all there into one chunk of upstream's XOR encoding (<see cref="XorChunkState"/>), with windows chosen by
/// <see cref="XorWindowPlan"/>: every decoder reads it, and it is shorter than one written sample by sample. Reused; not thread-safe.
/// </summary>
internal sealed class XorPacker
{
    /// <summary>The longest sample: 68 bits of time, 77 of value.</summary>
    private const int MaxSampleBytes = 19;

    /// <summary>The number of samples, the first sample, and room for the writer's last word.</summary>
    private const int MaxHeadBytes = XorChunkState.HeaderBytes + Varint.MaxLength + (2 * sizeof(ulong));

    private readonly XorWindowPlan _windows = new();
    private ulong[] _changes = [];
    private byte[] _bytes = [];

    /// <summary>Encodes samples, 1 to 65,535, in order of time.</summary>
    /// <returns>The chunk from its sample count on, valid until the next call.</returns>
    public ReadOnlySpan<byte> Pack(ReadOnlySpan<long> timesMs, ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, timesMs.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timesMs.Length, ushort.MaxValue);
        Reserve(timesMs.Length);
        _windows.Choose(ChangesOf(values));
        BinaryPrimitives.WriteUInt16BigEndian(_bytes, (ushort)timesMs.Length);
        var writer = new BitWriter(_bytes.AsSpan(XorChunkState.HeaderBytes));
        Write(ref writer, timesMs, values);
        return _bytes.AsSpan(0, XorChunkState.HeaderBytes + writer.Flush());
    }

    private ReadOnlySpan<ulong> ChangesOf(ReadOnlySpan<double> values)
    {
        int count = 0;
        for (int i = 1; i < values.Length; i++)
        {
            ulong change = Change(values, i);
            _changes[count] = change;
            count += change == 0 ? 0 : 1;
        }

        return _changes.AsSpan(0, count);
    }

    private void Write(ref BitWriter writer, ReadOnlySpan<long> timesMs, ReadOnlySpan<double> values)
    {
        writer.WriteVarint(timesMs[0]);
        writer.WriteBits(BitConverter.DoubleToUInt64Bits(values[0]), 64);
        long delta = 0;
        int changes = 0, width = 0, trailing = 0;
        for (int i = 1; i < timesMs.Length; i++)
        {
            long newDelta = timesMs[i] - timesMs[i - 1];
            if (i == 1)
                writer.WriteUvarint((ulong)newDelta);
            else
                WriteDeltaChange(ref writer, newDelta - delta);
            delta = newDelta;
            ulong change = Change(values, i);
            if (change == 0)
            {
                writer.WriteBits(0, 1);
                continue;
            }

            if (_windows.Begins(changes++, out int leading, out int newTrailing))
            {
                trailing = newTrailing;
                width = 64 - leading - trailing;

                // Six bits hold the width; 64 is written as 0.
                writer.WriteBits((0b11UL << 11) | ((ulong)leading << 6) | ((ulong)width & 63), 13);
            }
            else
            {
                writer.WriteBits(0b10, 2);
            }

            writer.WriteBits(change >> trailing, width);
        }
    }

    private static void WriteDeltaChange(ref BitWriter writer, long change)
    {
        if (change == 0)
        {
            writer.WriteBits(0, 1);
        }
        else if (VarbitInt.FitsSigned(change, 14))
        {
            writer.WriteBits((0b10UL << 14) | Low(change, 14), 2 + 14);
        }
        else if (VarbitInt.FitsSigned(change, 17))
        {
            writer.WriteBits((0b110UL << 17) | Low(change, 17), 3 + 17);
        }
        else if (VarbitInt.FitsSigned(change, 20))
        {
            writer.WriteBits((0b1110UL << 20) | Low(change, 20), 4 + 20);
        }
        else
        {
            writer.WriteBits(0b1111, 4);
            writer.WriteBits((ulong)change, 64);
        }
    }

    private static ulong Change(ReadOnlySpan<double> values, int row) =>
        BitConverter.DoubleToUInt64Bits(values[row]) ^ BitConverter.DoubleToUInt64Bits(values[row - 1]);

    private static ulong Low(long value, int bits) => (ulong)value & ((1UL << bits) - 1);

    private void Reserve(int samples)
    {
        if (_changes.Length >= samples)
            return;
        _changes = new ulong[samples];
        _bytes = new byte[MaxHeadBytes + (samples * MaxSampleBytes)];
    }
}
