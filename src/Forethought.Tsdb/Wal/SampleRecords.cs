using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Records of float samples. Type 2: first reference and time as 8 bytes big-endian each, then for every sample the distances of
/// reference and time to those as varints and the value's bits big-endian. Type 11 adds start timestamps
/// (<see cref="StartTimeMarker"/>): the first sample is absolute, later references count from the previous sample. Format:
/// upstream's <c>tsdb/docs/format/wal.md</c>.
/// </summary>
public static class SampleRecords
{
    /// <summary>The longest code of one sample: two varints and a value.</summary>
    private const int MaxSampleSize = 2 * Varint.MaxLength + sizeof(double);

    /// <summary>The shortest.</summary>
    private const int MinSampleSize = 2 + sizeof(double);

    /// <summary>Samples encoded between two checks of the buffer's room.</summary>
    private const int BlockSize = 256;

    /// <summary>Adds the samples of a record to <paramref name="into"/>.</summary>
    /// <param name="record">A record of type <see cref="WalRecordType.Samples"/> or <see cref="WalRecordType.SamplesV2"/>.</param>
    /// <param name="into">Where the rows go, behind those it has.</param>
    /// <exception cref="TsdbCorruptionException">The record is of another type or damaged; the columns are as before.</exception>
    public static void Decode(ReadOnlySpan<byte> record, WalSamples into)
    {
        WalRecordType type = WalRecord.TypeOf(record);
        WalRecord.Demand(type is WalRecordType.Samples or WalRecordType.SamplesV2, record, "Samples(2) or SamplesV2(11)");
        if (record.Length == 1)
            return;
        into.Reserve(record.Length / MinSampleSize);
        if (type == WalRecordType.SamplesV2)
            DecodeV2(record, into);
        else
            DecodeV1(record, into);
    }

    /// <summary>Writes a record of type 2. The spans are equally long and not empty.</summary>
    internal static void Encode(
        RecordBuffer buffer, ReadOnlySpan<SeriesRef> series, ReadOnlySpan<long> timesMs, ReadOnlySpan<double> values)
    {
        timesMs = timesMs[..series.Length];
        values = values[..series.Length];
        buffer.Begin(WalRecordType.Samples);
        ulong baseSeries = series[0].Value;
        long baseTime = timesMs[0];
        buffer.WriteUInt64(baseSeries);
        buffer.WriteInt64(baseTime);
        for (int start = 0; start < series.Length; start += BlockSize)
        {
            int count = Math.Min(BlockSize, series.Length - start);
            ref byte destination = ref MemoryMarshal.GetReference(buffer.Reserve(count * MaxSampleSize));
            nint written = 0;
            for (int i = start; i < start + count; i++)
            {
                // The buffer has MaxSampleSize bytes for each sample of the block: no write below can leave it.
                written = WriteSmall(ref destination, written, Varint.ZigZag((long)(series[i].Value - baseSeries)));
                written = WriteSmall(ref destination, written, Varint.ZigZag(timesMs[i] - baseTime));
                Span<byte> place = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref destination, written), sizeof(double));
                BinaryPrimitives.WriteDoubleBigEndian(place, values[i]);
                written += sizeof(double);
            }

            buffer.Advance((int)written);
        }

        buffer.End();
    }

    /// <summary>Writes a record of type 11. The spans are equally long and not empty.</summary>
    internal static void EncodeV2(
        RecordBuffer buffer,
        ReadOnlySpan<SeriesRef> series,
        ReadOnlySpan<long> timesMs,
        ReadOnlySpan<double> values,
        ReadOnlySpan<long> startTimesMs)
    {
        buffer.Begin(WalRecordType.SamplesV2);
        for (int i = 0; i < series.Length; i++)
        {
            if (i == 0)
            {
                buffer.WriteVarint((long)series[0].Value);
                buffer.WriteVarint(timesMs[0]);
                buffer.WriteVarint(startTimesMs[0]);
            }
            else
            {
                buffer.WriteVarint((long)(series[i].Value - series[i - 1].Value));
                buffer.WriteVarint(timesMs[i] - timesMs[0]);
                StartTimeMarker.Write(buffer, startTimesMs[i], startTimesMs[0], startTimesMs[i - 1]);
            }

            buffer.WriteDouble(values[i]);
        }

        buffer.End();
    }

    /// <summary>Writes the one- and two-byte codes in line, which is all that a scrape's records have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint WriteSmall(ref byte destination, nint at, ulong value)
    {
        if (value < 0x80)
        {
            Unsafe.Add(ref destination, at) = (byte)value;
            return at + 1;
        }

        if (value < 0x4000)
        {
            Unsafe.Add(ref destination, at) = (byte)(value | 0x80);
            Unsafe.Add(ref destination, at + 1) = (byte)(value >> 7);
            return at + 2;
        }

        return at + Varint.WriteUvarint(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref destination, at), Varint.MaxLength), value);
    }

    // Compiled well at once: replay has read millions of samples before the runtime would find this to be hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeV1(ReadOnlySpan<byte> record, WalSamples into)
    {
        var reader = new RecordReader(record, 1);
        ulong baseSeries = reader.ReadUInt64();
        long baseTime = reader.ReadInt64();
        int position = reader.Position;
        int row = into.Count;

        // MinSampleSize bytes a sample: Decode has reserved a row for each sample that can fit the record.
        Span<SeriesRef> references = into.Series;
        Span<long> times = into.TimesMs;
        Span<double> values = into.Values;
        while (record.Length - position >= MaxSampleSize)
        {
            ulong series = ReadSmall(record, ref position);
            ulong time = ReadSmall(record, ref position);
            references[row] = new SeriesRef(baseSeries + (ulong)Varint.UnZigZag(series));
            times[row] = baseTime + Varint.UnZigZag(time);
            values[row++] = BinaryPrimitives.ReadDoubleBigEndian(record[position..]);
            position += sizeof(double);
        }

        reader = new RecordReader(record, position);
        while (!reader.IsAtEnd)
        {
            references[row] = new SeriesRef(baseSeries + (ulong)reader.ReadVarint());
            times[row] = baseTime + reader.ReadVarint();
            values[row++] = reader.ReadDouble();
        }

        into.StartTimesMs?.AsSpan(into.Count, row - into.Count).Clear();
        into.Count = row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadSmall(ReadOnlySpan<byte> record, ref int position)
    {
        uint first = record[position];
        if (first < 0x80)
        {
            position++;
            return first;
        }

        uint second = record[position + 1];
        if (second < 0x80)
        {
            position += 2;
            return (first & 0x7f) | (second << 7);
        }

        return ReadLong(record, ref position);
    }

    private static ulong ReadLong(ReadOnlySpan<byte> record, ref int position)
    {
        var reader = new RecordReader(record, position);
        ulong value = reader.ReadUvarint();
        position = reader.Position;
        return value;
    }

    private static void DecodeV2(ReadOnlySpan<byte> record, WalSamples into)
    {
        var reader = new RecordReader(record, 1);
        long[] startTimes = into.RequireStartTimes();
        ulong series = 0;
        long firstTime = 0, firstStart = 0, start = 0;
        int row = into.Count;
        while (!reader.IsAtEnd)
        {
            series += (ulong)reader.ReadVarint();
            if (row == into.Count)
            {
                into.TimesMs[row] = firstTime = reader.ReadVarint();
                start = firstStart = reader.ReadVarint();
            }
            else
            {
                into.TimesMs[row] = firstTime + reader.ReadVarint();
                start = StartTimeMarker.Read(ref reader, start, firstStart);
            }

            into.Series[row] = new SeriesRef(series);
            into.Values[row] = reader.ReadDouble();
            startTimes[row++] = start;
        }

        into.Count = row;
    }
}
