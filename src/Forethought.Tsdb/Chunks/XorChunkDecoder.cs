using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>Decodes chunks of floats in upstream's XOR encoding, see <see cref="XorChunkState"/>. Thread-safe.</summary>
internal static class XorChunkDecoder
{
    /// <summary>Bits that a look at the stream shows at least: eight bytes, of which up to seven bits were read before.</summary>
    private const int VisibleBits = 57;

    /// <summary>Samples that one look can tell to be unchanged: each is two zero bits.</summary>
    private const int MaxRun = VisibleBits / 2;

    /// <summary>
    /// Appends the samples with <paramref name="minTimeMs"/> ≤ t ≤ <paramref name="maxTimeMs"/> to a batch. Decoding ends at the
    /// first later sample.
    /// </summary>
    /// <exception cref="TsdbCorruptionException">The bytes are no chunk; the batch is as it was.</exception>
    public static void Decode(ReadOnlySpan<byte> chunk, long minTimeMs, long maxTimeMs, SampleBatch batch)
    {
        int samples = ChunkHeader.ReadSampleCount(chunk);
        if (samples == 0)
            return;

        // The shortest sample has two bits: a count that the bytes cannot hold must not make room for itself.
        if (samples > chunk.Length * 4)
            ChunkHeader.ThrowTruncated(chunk, $"{samples} samples");
        batch.Reserve(samples);
        Span<long> times = batch.TimesMs.AsSpan(batch.Count, samples);
        Span<double> values = batch.Values.AsSpan(batch.Count, samples);
        int read = DecodeAll(chunk[ChunkHeader.SampleCountBytes..], maxTimeMs, times, values);
        if (read < 0)
            ChunkHeader.ThrowTruncated(chunk, $"{samples} samples");
        read = ChunkHeader.DropBefore(minTimeMs, times[..read], values);
        MarkStale(batch, read);
        batch.Count += read;
    }

    /// <summary>Fills the rows up to the last time wanted and returns their number; −1 if the bits end or make no sense.</summary>
    /// <remarks>
    /// The position is a plain bit count, so that the processor can run ahead: where the next sample begins mostly does not depend
    /// on what was loaded. Bounds: <see cref="Look"/> reads nothing past the end and gives zeros there; the position grows by less
    /// than 150 bits a sample. The spans have a row for every sample of the chunk, and <c>row</c> stays below their length.
    /// </remarks>
    private static int DecodeAll(ReadOnlySpan<byte> bits, long maxTimeMs, Span<long> timeSpan, Span<double> valueSpan)
    {
        if (!TryReadStart(bits, timeSpan.Length, out long time, out ulong value, out long delta, out int position))
            return -1;
        int samples = timeSpan.Length;
        ref byte source = ref MemoryMarshal.GetReference(bits);
        ref long times = ref MemoryMarshal.GetReference(timeSpan);
        ref double values = ref MemoryMarshal.GetReference(valueSpan);
        int leading = 0, trailing = 0, row = 0;
        while (time <= maxTimeMs)
        {
            Unsafe.Add(ref times, row) = time;
            Unsafe.Add(ref values, row) = BitConverter.UInt64BitsToDouble(value);
            if (++row == samples)
                break;
            ulong window = Look(ref source, bits.Length, position);
            int used = 0;
            if (row > 1)
            {
                if ((long)window >= 0)
                {
                    int run = Math.Min(BitOperations.LeadingZeroCount(window) >> 1, Math.Min(MaxRun, samples - row));
                    if (run > 0)
                    {
                        // All but the last of the run; that one goes through the loop's head.
                        position += 2 * run;
                        for (int i = 1; i < run; i++, row++)
                        {
                            time += delta;
                            Unsafe.Add(ref times, row) = time;
                            Unsafe.Add(ref values, row) = BitConverter.UInt64BitsToDouble(value);
                        }

                        time += delta;
                        continue;
                    }

                    used = 1;
                    window <<= 1;
                }
                else
                {
                    delta += ReadDeltaChange(ref source, bits.Length, window, ref position);
                    window = Look(ref source, bits.Length, position);
                }
            }

            time += delta;
            if ((long)window >= 0)
            {
                position += used + 1;
                continue;
            }

            int control = 2;
            if ((long)(window << 1) < 0)
            {
                control = 13;
                leading = (int)(window >> 57) & 31;
                int newWidth = (int)(window >> 51) & 63;
                trailing = newWidth == 0 ? -leading : 64 - leading - newWidth;
                if (trailing < 0)
                    return -1;
            }

            int width = 64 - leading - trailing;
            ulong change = used + control + width <= VisibleBits
                ? (window << control) >> (64 - width)
                : Read(ref source, bits.Length, position + used + control, width);
            position += used + control + width;
            value ^= change << trailing;
        }

        return position > bits.Length * 8 ? -1 : RowsUntil(maxTimeMs, timeSpan[..row]);
    }

    /// <summary>Reads what stands in whole bytes: the first time and value and, if there is a second sample, its delta.</summary>
    private static bool TryReadStart(
        ReadOnlySpan<byte> bits, int samples, out long time, out ulong value, out long delta, out int position)
    {
        value = 0;
        delta = 0;
        position = 0;
        if (!Varint.TryReadVarint(bits, out time, out int timeLength) || bits.Length < timeLength + sizeof(ulong))
            return false;
        value = BinaryPrimitives.ReadUInt64BigEndian(bits[timeLength..]);
        position = 8 * (timeLength + sizeof(ulong));
        if (samples == 1)
            return true;
        bool read = Varint.TryReadUvarint(bits[(timeLength + sizeof(ulong))..], out ulong coded, out int deltaLength);
        delta = (long)coded;
        position += 8 * deltaLength;
        return read;
    }

    /// <summary>The bits from a position on, at least <see cref="VisibleBits"/>, the first of them on top; zeros past the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Look(ref byte source, int length, int position)
    {
        int offset = position >> 3;
        ulong bytes = offset <= length - sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64BigEndian(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref source, offset), sizeof(ulong)))
            : LookAtTail(ref source, length, offset);
        return bytes << (position & 7);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong LookAtTail(ref byte source, int length, int offset)
    {
        ulong bytes = 0;
        for (int shift = 56; offset < length; offset++, shift -= 8)
            bytes |= (ulong)Unsafe.Add(ref source, offset) << shift;
        return bytes;
    }

    /// <summary>Reads 1 to 64 bits.</summary>
    private static ulong Read(ref byte source, int length, int position, int width)
    {
        if (width <= VisibleBits)
            return Look(ref source, length, position) >> (64 - width);
        ulong high = Look(ref source, length, position) >> 32;
        return (high << (width - 32)) | (Look(ref source, length, position + 32) >> (96 - width));
    }

    /// <summary>Reads a change of the delta that does not begin with a zero bit.</summary>
    private static long ReadDeltaChange(ref byte source, int length, ulong window, ref int position)
    {
        int prefix = Math.Min(BitOperations.LeadingZeroCount(~window), 4);
        if (prefix == 4)
        {
            position += 4 + 64;
            return (long)Read(ref source, length, position - 64, 64);
        }

        // 14, 17 or 20 bits after a prefix of one, two or three ones and a zero.
        int width = 11 + 3 * prefix;
        position += prefix + 1 + width;
        return VarbitInt.SignedFromBits((window << (prefix + 1)) >> (64 - width), width);
    }

    /// <summary>A run of unchanged samples is written as a whole and may pass the last time wanted.</summary>
    private static int RowsUntil(long maxTimeMs, ReadOnlySpan<long> times)
    {
        int rows = times.Length;
        while (rows > 0 && times[rows - 1] > maxTimeMs)
            rows--;
        return rows;
    }

    private static void MarkStale(SampleBatch batch, int rows)
    {
        Span<SampleKind> kinds = batch.Kinds.AsSpan(batch.Count, rows);
        kinds.Clear();
        ReadOnlySpan<ulong> bits = MemoryMarshal.Cast<double, ulong>(batch.Values.AsSpan(batch.Count, rows));
        for (int from = 0; from < bits.Length; from++)
        {
            int found = bits[from..].IndexOf(StaleMarker.Bits);
            if (found < 0)
                return;
            from += found;
            kinds[from] = SampleKind.Stale;
            batch.AllKinds |= SampleKind.Stale;
        }
    }
}
