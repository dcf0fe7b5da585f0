using System.Text.Json;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

/// <summary>Chunks and log of two data directories that upstream wrote, against what upstream reads from them.</summary>
public sealed class GoldenDirectoryTests
{
    // Both directories have one block up to here; their logs hold older samples too.
    private const long BlockMaxTimeMs = 1_700_006_400_000;

    [Theory]
    [InlineData("xor", 3)]
    [InlineData("xor2_st", 0)]
    public void Block_chunks_hold_the_samples_that_upstream_s_querier_returns(string directory, int seriesWithDeletions)
    {
        Dictionary<string, JsonElement> expected = GoldenSamples.Read($"golden/index/{directory}/block_samples.jsonl");
        int shortened = 0;
        foreach (JsonElement series in GoldenJson.Lines($"golden/index/{directory}/block_series.jsonl"))
        {
            var batch = new SampleBatch(1);
            foreach (JsonElement chunk in series.GetProperty("chunks").EnumerateArray())
            {
                int before = batch.Count;
                ChunkDecoder.Decode((ChunkEncoding)chunk.Int64("enc"), chunk.Hex("hex"), long.MinValue, long.MaxValue, batch);
                Assert.Equal(chunk.Int64("n"), batch.Count - before);
                Assert.Equal(chunk.Int64("mint"), batch.TimesMs[before]);
                Assert.Equal(chunk.Int64("maxt"), batch.TimesMs[batch.Count - 1]);
            }

            List<string> read = GoldenSamples.Describe(batch);
            string labels = Convert.ToHexString(series.PackedLabels());
            List<string> wanted = expected.TryGetValue(labels, out JsonElement samples) ? GoldenSamples.Describe(samples) : [];
            if (wanted.Count < read.Count)
                shortened++;
            Assert.Equal(wanted, read.Where(wanted.Contains));
        }

        Assert.Equal(seriesWithDeletions, shortened);
    }

    [Fact]
    public void Block_chunks_of_floats_are_encoded_to_the_same_bytes()
    {
        using var slab = new BlockSlab(new NativeAllocator(), MemoryPurpose.OpenChunks);
        int chunks = 0;
        foreach (JsonElement chunk in GoldenJson.Lines("golden/index/xor/block_series.jsonl")
            .SelectMany(series => series.GetProperty("chunks").EnumerateArray())
            .Where(chunk => chunk.Int64("enc") == (int)ChunkEncoding.Xor))
        {
            byte[] bytes = chunk.Hex("hex");
            var batch = new SampleBatch();
            ChunkDecoder.Decode(ChunkEncoding.Xor, bytes, long.MinValue, long.MaxValue, batch);
            XorChunkState state = default;
            state.Start(slab, batch.TimesMs[0], batch.Values[0]);
            for (int i = 1; i < batch.Count; i++)
                state.Append(slab, batch.TimesMs[i], batch.Values[i]);
            byte[] encoded = new byte[state.ByteLength];
            state.CopyTo(slab, encoded);
            state.Free(slab);
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(encoded));
            chunks++;
        }

        Assert.Equal(38, chunks);
    }

    [Theory]
    [InlineData("xor")]
    [InlineData("xor2_st")]
    public void The_log_holds_what_upstream_s_head_has_after_replaying_it(string directory)
    {
        var log = new MemoryDisk();
        foreach (string file in Directory.GetFiles(Conformance.Path($"golden/index/{directory}/wal")))
            log.Root.Create(Path.GetFileName(file)).Write(File.ReadAllBytes(file), 0);
        Dictionary<string, List<string>> replayed = Replay(log.Root);
        Dictionary<string, JsonElement> expected = GoldenSamples.Read($"golden/index/{directory}/head_after_replay.jsonl");
        Assert.Equal(50, expected.Count);
        foreach ((string labels, JsonElement samples) in expected)
            Assert.Equal(GoldenSamples.Describe(samples), replayed[labels]);
    }

    private static Dictionary<string, List<string>> Replay(IStorageDirectory log)
    {
        var labels = new Dictionary<SeriesRef, string>();
        var samples = new Dictionary<string, List<string>>();
        void Add(SeriesRef series, long time, long start, string value)
        {
            if (time >= BlockMaxTimeMs)
                samples[labels[series]].Add($"{time} {start} {value}");
        }

        using var reader = new WalReader(new WalRange(log));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            switch (WalRecord.TypeOf(record))
            {
                case WalRecordType.Series:
                    for (var series = new SeriesRecord(record); series.MoveNext();)
                        samples[labels[series.Series] = Convert.ToHexString(series.PackedLabels)] = [];
                    break;
                case WalRecordType.Samples or WalRecordType.SamplesV2:
                    var floats = new WalSamples();
                    SampleRecords.Decode(record, floats);
                    for (int i = 0; i < floats.Count; i++)
                        Add(floats.Series[i], floats.TimesMs[i], floats.StartTimesMs?[i] ?? 0, GoldenSamples.Hex(floats.Values[i]));
                    break;
                case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples or WalRecordType.HistogramSamplesV2:
                    var histograms = new WalHistograms<Histogram>();
                    HistogramRecords.Decode(record, histograms);
                    for (int i = 0; i < histograms.Count; i++)
                    {
                        string text = GoldenSamples.Describe(GoldenJson.ToFloat(histograms.Histograms[i]));
                        Add(histograms.Series[i], histograms.TimesMs[i], histograms.StartTimesMs[i], text);
                    }

                    break;
                case WalRecordType.FloatHistogramSamples
                    or WalRecordType.CustomBucketsFloatHistogramSamples
                    or WalRecordType.FloatHistogramSamplesV2:
                    var floatHistograms = new WalHistograms<FloatHistogram>();
                    HistogramRecords.Decode(record, floatHistograms);
                    for (int i = 0; i < floatHistograms.Count; i++)
                    {
                        string text = GoldenSamples.Describe(floatHistograms.Histograms[i]);
                        Add(floatHistograms.Series[i], floatHistograms.TimesMs[i], floatHistograms.StartTimesMs[i], text);
                    }

                    break;
                default:
                    break;
            }
        }

        return samples;
    }
}
