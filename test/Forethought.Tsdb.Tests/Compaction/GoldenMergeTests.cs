using System.Text.Json;
using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tombstones;
using Xunit;

namespace Forethought.Tsdb.Tests.Compaction;

/// <summary>Merging the chunks of blocks that upstream wrote.</summary>
public sealed class GoldenMergeTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly ChunkMerge _merge;

    public GoldenMergeTests() => _merge = new ChunkMerge(_allocator, new ChunkMergeOptions());

    public void Dispose() => _merge.Dispose();

    [Theory]
    [InlineData("xor")]
    [InlineData("xor2_st")]
    public void A_block_merged_with_itself_stays_the_same_byte_for_byte(string directory)
    {
        foreach (JsonElement series in Series(directory))
        {
            List<ListedChunks.Item> chunks = Chunks(series);
            Assert.Equal(chunks.Select(Hex), Merge([], chunks, chunks).Select(Hex));
        }
    }

    [Fact]
    public void Deletions_leave_what_upstream_s_querier_returns()
    {
        string block = Directory.GetDirectories(Conformance.Path("golden/index/xor")).Single(path => !path.EndsWith("wal", StringComparison.Ordinal));
        TombstoneSet tombstones = TombstoneFile.Read(new FileSystemDirectory(block), out _);
        Dictionary<string, JsonElement> expected = GoldenJson.Lines("golden/index/xor/block_samples.jsonl").ToDictionary(Labels);
        int shortened = 0;
        foreach (JsonElement series in Series("xor"))
        {
            List<ListedChunks.Item> chunks = Chunks(series);
            List<string> left = Describe(Merge(tombstones[series.GetProperty("series_ref").GetUInt64()].ToArray(), chunks));
            if (left.Count < Describe(chunks).Count)
                shortened++;
            Assert.Equal(expected.TryGetValue(Labels(series), out JsonElement line) ? Describe(line) : [], left);
        }

        Assert.Equal(3, shortened);
    }

    [Theory]
    [InlineData("xor")]
    [InlineData("xor2_st")]
    public void A_block_of_which_every_other_sample_is_elsewhere_comes_together_again(string directory)
    {
        int merged = 0;
        foreach (JsonElement series in Series(directory))
        {
            List<ListedChunks.Item> chunks = Chunks(series);
            List<ListedChunks.Item> whole = Merge([], Half(chunks, 0), Half(chunks, 1));
            Assert.Equal(Describe(chunks), Describe(whole));
            merged += whole.Count;
        }

        Assert.True(merged >= 50);
    }

    private static IEnumerable<JsonElement> Series(string directory) => GoldenJson.Lines($"golden/index/{directory}/block_series.jsonl");

    private static string Labels(JsonElement series) => Convert.ToHexString(series.PackedLabels());

    private static string Hex(ListedChunks.Item chunk) => $"{chunk.MinTimeMs}-{chunk.MaxTimeMs} {chunk.Encoding} {Convert.ToHexString(chunk.Bytes)}";

    private static List<ListedChunks.Item> Chunks(JsonElement series) =>
    [
        .. series.GetProperty("chunks").EnumerateArray().Select(chunk =>
            new ListedChunks.Item(chunk.Int64("mint"), chunk.Int64("maxt"), (ChunkEncoding)chunk.Int64("enc"), chunk.Hex("hex"))),
    ];

    private static List<string> Describe(IEnumerable<ListedChunks.Item> chunks)
    {
        var batch = new SampleBatch();
        foreach (ListedChunks.Item chunk in chunks)
            ChunkDecoder.Decode(chunk.Encoding, chunk.Bytes, long.MinValue, long.MaxValue, batch);
        var texts = new List<string>();
        for (int row = 0; row < batch.Count; row++)
            texts.Add(Describe(batch.TimesMs[row], batch.StartTimesMs?[row] ?? 0, batch.Values[row], batch.Histograms?[row]));
        return texts;
    }

    private static List<string> Describe(JsonElement line) =>
    [
        .. line.GetProperty("samples").EnumerateArray().Select(sample =>
        {
            bool isFloat = sample[2].ValueKind == JsonValueKind.String;
            FloatHistogram? histogram = isFloat ? null
                : sample[2].GetProperty("count").ValueKind == JsonValueKind.String ? sample[2].FloatHistogram()
                : GoldenJson.ToFloat(sample[2].Histogram());
            return Describe(sample[0].GetInt64(), sample[1].GetInt64(), isFloat ? sample[2].Bits() : 0, histogram);
        }),
    ];

    /// <summary>Hints depend on who reads, and where buckets that hold nothing lie on the chunk.</summary>
    private static string Describe(long time, long start, double value, FloatHistogram? histogram)
    {
        if (histogram is null)
            return $"{time} {start} {BitConverter.DoubleToUInt64Bits(value):x16}";
        FloatHistogram plain = histogram.Clone();
        plain.CounterResetHint = CounterResetHint.Unknown;
        plain.Compact();
        return $"{time} {start} {GoldenJson.Describe(plain)}";
    }

    private List<ListedChunks.Item> Half(IEnumerable<ListedChunks.Item> chunks, int remainder)
    {
        using var encoder = new ChunkEncoder(_allocator);
        var rows = new ChunkRows();
        var half = new List<ListedChunks.Item>();
        foreach (ListedChunks.Item chunk in chunks)
        {
            rows.Decode(chunk.Encoding, chunk.Bytes);
            encoder.Start(ChunkEncoderRules.Keeping(chunk.Encoding));
            for (int row = remainder; row < rows.Count; row += 2)
                encoder.Append(rows, row);
            encoder.Complete();
            foreach (EncodedChunk encoded in encoder.Finished)
                half.Add(new(encoded.MinTimeMs, encoded.MaxTimeMs, encoded.Encoding, encoder.BytesOf(encoded).ToArray()));
        }

        return half;
    }

    private List<ListedChunks.Item> Merge(TimeInterval[] deleted, params List<ListedChunks.Item>[] sources)
    {
        _merge.Start();
        foreach (List<ListedChunks.Item> source in sources)
            _merge.Add(new ListedChunks(source), deleted);
        var chunks = new List<ListedChunks.Item>();
        while (_merge.Next(out SourceChunk chunk))
            chunks.Add(ListedChunks.Item.Copy(chunk));
        return chunks;
    }
}
