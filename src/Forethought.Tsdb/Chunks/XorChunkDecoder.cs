using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>Decodes chunks of floats in upstream's XOR encoding, see <see cref="XorChunkState"/>. Thread-safe.</summary>
internal static class XorChunkDecoder
{
    /// <summary>Samples that one look at the window can tell to be unchanged: each is two zero bits.</summary>
    private const int MaxRun = BitReader.FilledBits / 2;

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
        var reader = new BitReader(chunk[ChunkHeader.SampleCountBytes..]);
        int read = DecodeAll(ref reader, maxTimeMs, times, values);
        if (read < 0 || reader.Overrun)
            ChunkHeader.ThrowTruncated(chunk, $"{samples} samples");
        read = ChunkHeader.DropBefore(minTimeMs, times[..read], values);
        MarkStale(batch, read);
        batch.Count += read;
    }

    /// <summary>
    /// Fills the rows up to the last time wanted and returns their number; −1 if the bits make no sense. Past the end of the chunk
    /// bits are zeros: the caller looks for an overrun afterwards.
    /// </summary>
    /// <remarks>Bounds: the spans have a row for every sample of the chunk, and <c>row</c> stays below their length.</remarks>
    private static int DecodeAll(ref BitReader source, long maxTimeMs, Span<long> timeSpan, Span<double> valueSpan)
    {
        int samples = timeSpan.Length;
        ref long times = ref MemoryMarshal.GetReference(timeSpan);
        ref double values = ref MemoryMarshal.GetReference(valueSpan);
        BitReader reader = source;
        if (!reader.TryReadVarint(out long time))
            return -1;
        ulong value = reader.ReadUnchecked(64);
        ulong delta = 0;
        int leading = 0, trailing = 0, row = 0;
        while (time <= maxTimeMs)
        {
            Unsafe.Add(ref times, row) = time;
            Unsafe.Add(ref values, row) = BitConverter.UInt64BitsToDouble(value);
            if (++row == samples)
                break;

            // The bits of the window that were looked at but not passed over yet.
            int used = 0;
            reader.Fill();
            ulong window = reader.Window;
            if (row == 1)
            {
                if (!reader.TryReadUvarint(out delta))
                    return -1;
                reader.Fill();
                window = reader.Window;
            }
            else if ((long)window >= 0)
            {
                int run = Math.Min(BitOperations.LeadingZeroCount(window) >> 1, Math.Min(MaxRun, samples - row));
                if (run > 0)
                {
                    // All but the last of the run; that one goes through the loop's head.
                    reader.Skip(2 * run);
                    for (int i = 1; i < run; i++, row++)
                    {
                        time += (long)delta;
                        Unsafe.Add(ref times, row) = time;
                        Unsafe.Add(ref values, row) = BitConverter.UInt64BitsToDouble(value);
                    }

                    time += (long)delta;
                    continue;
                }

                used = 1;
                window <<= 1;
            }
            else
            {
                delta += (ulong)ReadDeltaChange(ref reader);
                reader.Fill();
                window = reader.Window;
            }

            time += (long)delta;
            if ((long)window >= 0)
            {
                reader.Skip(used + 1);
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
            ulong change;
            if (used + control + width <= BitReader.FilledBits)
            {
                change = (window << control) >> (64 - width);
                reader.Skip(used + control + width);
            }
            else
            {
                reader.Skip(used + control);
                change = reader.ReadUnchecked(width);
            }

            value ^= change << trailing;
        }

        source = reader;
        return RowsUntil(maxTimeMs, timeSpan[..row]);
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

    /// <summary>Reads a change of the delta that does not begin with a zero bit; the reader is filled.</summary>
    private static long ReadDeltaChange(ref BitReader reader)
    {
        int prefix = BitOperations.LeadingZeroCount(~reader.Window);
        switch (prefix)
        {
            case 1:
                reader.Skip(2);
                return VarbitInt.SignedFromBits(reader.ReadUnchecked(14), 14);
            case 2:
                reader.Skip(3);
                return VarbitInt.SignedFromBits(reader.ReadUnchecked(17), 17);
            case 3:
                reader.Skip(4);
                return VarbitInt.SignedFromBits(reader.ReadUnchecked(20), 20);
            default:
                reader.Skip(4);
                return (long)reader.ReadUnchecked(64);
        }
    }
}
