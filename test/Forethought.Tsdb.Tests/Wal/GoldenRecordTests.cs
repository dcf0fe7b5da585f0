using System.Text.Json;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

/// <summary>Every record that upstream's encoder was recorded to write, in both directions.</summary>
public sealed class GoldenRecordTests
{
    private const string Golden = "golden/records.jsonl";

    [Fact]
    public void Encodes_the_same_bytes_as_upstream()
    {
        int encoded = 0;
        foreach (JsonElement line in GoldenJson.Lines(Golden))
        {
            // Upstream's encoder writes a bare type byte for no items; nothing of ours asks for a record of nothing.
            if (line.GetProperty("items").GetArrayLength() == 0)
                continue;
            byte[]? expected = line.Hex("hex").Length == 0 ? null : line.Hex("hex");
            Assert.Equal(Hex(expected), Hex(Encode(line)));
            encoded++;
        }

        Assert.True(encoded >= 45, $"only {encoded} records");
    }

    [Fact]
    public void Decodes_what_upstream_encoded()
    {
        int decoded = 0;
        foreach (JsonElement line in GoldenJson.Lines(Golden))
        {
            byte[] record = line.Hex("hex");
            if (record.Length == 0)
                continue;
            JsonElement items = line.TryGetProperty("decoded", out JsonElement other) ? other : line.GetProperty("items");
            Assert.Equal(line.GetProperty("typename").GetString(), WalRecord.NameOf(WalRecord.TypeOf(record)));
            Assert.Equal(Describe(items, WalRecord.TypeOf(record)), Decode(record));
            decoded++;
        }

        Assert.True(decoded >= 55, $"only {decoded} records");
    }

    [Fact]
    public void Every_cut_of_a_record_is_told_as_corruption_or_ends_between_two_items()
    {
        foreach (JsonElement line in GoldenJson.Lines(Golden))
        {
            byte[] record = line.Hex("hex");
            if (record.Length == 0)
                continue;
            List<string> whole = Decode(record);
            for (int length = 0; length < record.Length; length++)
            {
                try
                {
                    List<string> part = length == 0 ? [] : Decode(record[..length]);
                    Assert.Equal(whole.Take(part.Count), part);
                }
                catch (TsdbCorruptionException)
                {
                    // The other allowed outcome.
                }
            }
        }
    }

    [Fact]
    public void Flipped_bits_never_lead_outside_the_record()
    {
        var random = new Random(20261120);
        foreach (JsonElement line in GoldenJson.Lines(Golden))
        {
            byte[] record = line.Hex("hex");
            for (int round = 0; round < 200 && record.Length > 1; round++)
            {
                byte[] damaged = [.. record];
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                    damaged[random.Next(1, damaged.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    Decode(damaged);
                }
                catch (TsdbCorruptionException e)
                {
                    Assert.InRange(e.Offset, 0, damaged.Length);
                }
                catch (ArgumentException)
                {
                    // A flipped schema may ask for a reduction of buckets that contradict their spans.
                }
            }
        }
    }

    private static string Hex(byte[]? bytes) => bytes is null ? "no record" : Convert.ToHexString(bytes);

    private static byte[]? Encode(JsonElement line)
    {
        string name = line.Text("name");
        JsonElement[] items = [.. line.GetProperty("items").EnumerateArray()];
        WalRecordType type = line.TryGetProperty("type", out JsonElement number)
            ? (WalRecordType)number.GetInt32()
            : name.StartsWith("float", StringComparison.Ordinal) ? WalRecordType.FloatHistogramSamples : WalRecordType.HistogramSamples;
        var buffer = new RecordBuffer();
        Encode(buffer, type, items);
        for (int i = 0; i < buffer.Count; i++)
        {
            if (buffer[i][0] == (byte)type)
                return buffer[i].ToArray();
        }

        return null;
    }

    private static void Encode(RecordBuffer buffer, WalRecordType type, JsonElement[] items)
    {
        SeriesRef[] series = [.. items.Select(item => item.Ref())];
        switch (type)
        {
            case WalRecordType.Samples:
                SampleRecords.Encode(buffer, series, Times(items), Values(items));
                return;
            case WalRecordType.SamplesV2:
                SampleRecords.EncodeV2(buffer, series, Times(items), Values(items), Starts(items));
                return;
            case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples:
                HistogramRecords.Encode(buffer, series, Times(items), Histograms(items));
                return;
            case WalRecordType.FloatHistogramSamples or WalRecordType.CustomBucketsFloatHistogramSamples:
                HistogramRecords.Encode(buffer, series, Times(items), FloatHistograms(items));
                return;
            case WalRecordType.HistogramSamplesV2:
                HistogramRecords.EncodeV2(buffer, series, Times(items), Histograms(items), Starts(items));
                return;
            case WalRecordType.FloatHistogramSamplesV2:
                HistogramRecords.EncodeV2(buffer, series, Times(items), FloatHistograms(items), Starts(items));
                return;
            default:
                EncodeItems(buffer, type, items);
                return;
        }
    }

    private static void EncodeItems(RecordBuffer buffer, WalRecordType type, JsonElement[] items)
    {
        buffer.Begin(type);
        (SeriesRef, long) first = default;
        if (type == WalRecordType.Exemplars)
        {
            first = (items[0].Ref(), items[0].Int64("t"));
            ExemplarRecord.WriteHead(buffer, first.Item1, first.Item2);
        }

        foreach (JsonElement item in items)
        {
            switch (type)
            {
                case WalRecordType.Series:
                    SeriesRecord.Write(buffer, item.Ref(), item.PackedLabels());
                    break;
                case WalRecordType.Tombstones:
                    foreach (JsonElement interval in item.GetProperty("intervals").EnumerateArray())
                        TombstoneRecord.Write(buffer, item.Ref(), interval[0].GetInt64(), interval[1].GetInt64());
                    break;
                case WalRecordType.Exemplars:
                    ExemplarRecord.Write(buffer, first, item.Ref(), item.Int64("t"), item.Bits("v"), item.PackedLabels());
                    break;
                case WalRecordType.MmapMarkers:
                    MmapMarkerRecord.Write(buffer, item.Ref(), item.GetProperty("mmap_ref").GetUInt64());
                    break;
                case WalRecordType.Metadata:
                    MetadataRecord.Write(
                        buffer,
                        item.Ref(),
                        (byte)item.Int64("type"),
                        System.Text.Encoding.UTF8.GetBytes(item.Text("unit")),
                        System.Text.Encoding.UTF8.GetBytes(item.Text("help")));
                    break;
                default:
                    throw new InvalidOperationException($"no encoder for {type}");
            }
        }

        buffer.End();
    }

    private static List<string> Describe(JsonElement items, WalRecordType type)
    {
        var texts = new List<string>();
        foreach (JsonElement item in items.EnumerateArray())
        {
            // Older records drop start timestamps.
            long start = type >= WalRecordType.SamplesV2 ? item.Int64("st") : 0;
            switch (type)
            {
                case WalRecordType.Series:
                    texts.Add($"{item.Ref()} {Convert.ToHexString(item.PackedLabels())}");
                    break;
                case WalRecordType.Samples or WalRecordType.SamplesV2:
                    texts.Add(Sample(item.Ref(), start, item.Int64("t"), item.Bits("v")));
                    break;
                case WalRecordType.Tombstones:
                    foreach (JsonElement interval in item.GetProperty("intervals").EnumerateArray())
                        texts.Add($"{item.Ref()} {interval[0].GetInt64()} {interval[1].GetInt64()}");
                    break;
                case WalRecordType.Exemplars:
                    texts.Add(Sample(item.Ref(), 0, item.Int64("t"), item.Bits("v")) + Convert.ToHexString(item.PackedLabels()));
                    break;
                case WalRecordType.MmapMarkers:
                    texts.Add($"{item.Ref()} {item.GetProperty("mmap_ref").GetUInt64()}");
                    break;
                case WalRecordType.Metadata:
                    texts.Add($"{item.Ref()} {item.Int64("type")} {item.Text("unit")}|{item.Text("help")}");
                    break;
                default:
                    string histogram = item.TryGetProperty("h", out JsonElement h)
                        ? GoldenJson.Describe(h.Histogram())
                        : GoldenJson.Describe(item.GetProperty("fh").FloatHistogram());
                    texts.Add(Sample(item.Ref(), start, item.Int64("t"), 0) + histogram);
                    break;
            }
        }

        return texts;
    }

    private static List<string> Decode(byte[] record)
    {
        var texts = new List<string>();
        switch (WalRecord.TypeOf(record))
        {
            case WalRecordType.Series:
                for (var series = new SeriesRecord(record); series.MoveNext();)
                    texts.Add($"{series.Series} {Convert.ToHexString(series.PackedLabels)}");
                break;
            case WalRecordType.Samples or WalRecordType.SamplesV2:
                var samples = new WalSamples();
                SampleRecords.Decode(record, samples);
                for (int i = 0; i < samples.Count; i++)
                    texts.Add(Sample(samples.Series[i], samples.StartTimesMs?[i] ?? 0, samples.TimesMs[i], samples.Values[i]));
                break;
            case WalRecordType.Tombstones:
                for (var stone = new TombstoneRecord(record); stone.MoveNext();)
                    texts.Add($"{stone.Series} {stone.MinTimeMs} {stone.MaxTimeMs}");
                break;
            case WalRecordType.Exemplars:
                for (var exemplar = new ExemplarRecord(record); exemplar.MoveNext();)
                    texts.Add(Sample(exemplar.Series, 0, exemplar.TimeMs, exemplar.Value) + Convert.ToHexString(exemplar.PackedLabels));
                break;
            case WalRecordType.MmapMarkers:
                for (var marker = new MmapMarkerRecord(record); marker.MoveNext();)
                    texts.Add($"{marker.Series} {marker.ChunkRef}");
                break;
            case WalRecordType.Metadata:
                for (var meta = new MetadataRecord(record); meta.MoveNext();)
                    texts.Add($"{meta.Series} {meta.MetricType} {Text(meta.Unit)}|{Text(meta.Help)}");
                break;
            case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples or WalRecordType.HistogramSamplesV2:
                var histograms = new WalHistograms<Histogram>();
                HistogramRecords.Decode(record, histograms);
                AddRows(texts, histograms, GoldenJson.Describe);
                break;
            default:
                var floats = new WalHistograms<FloatHistogram>();
                HistogramRecords.Decode(record, floats);
                AddRows(texts, floats, GoldenJson.Describe);
                break;
        }

        return texts;
    }

    private static void AddRows<T>(List<string> texts, WalHistograms<T> rows, Func<T, string> describe)
        where T : class, new()
    {
        for (int i = 0; i < rows.Count; i++)
            texts.Add(Sample(rows.Series[i], rows.StartTimesMs[i], rows.TimesMs[i], 0) + describe(rows.Histograms[i]));
    }

    private static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text);

    private static string Sample(SeriesRef series, long start, long time, double value) =>
        $"{series} {start} {time} {BitConverter.DoubleToUInt64Bits(value):x16} ";

    private static long[] Times(JsonElement[] items) => [.. items.Select(item => item.Int64("t"))];

    private static long[] Starts(JsonElement[] items) => [.. items.Select(item => item.Int64("st"))];

    private static double[] Values(JsonElement[] items) => [.. items.Select(item => item.Bits("v"))];

    private static Histogram[] Histograms(JsonElement[] items) => [.. items.Select(item => item.GetProperty("h").Histogram())];

    private static FloatHistogram[] FloatHistograms(JsonElement[] items) =>
        [.. items.Select(item => item.GetProperty("fh").FloatHistogram())];
}
