using System.Globalization;
using System.Text.Json;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Directories that upstream wrote, opened here; expected is what upstream read after reopening them.</summary>
public sealed class GoldenHeadTests
{
    [Theory]
    [InlineData("xor")]
    [InlineData("xor2_st")]
    public async Task Replaying_what_upstream_wrote_gives_the_head_that_upstream_has(string name)
    {
        string golden = Conformance.Path($"golden/index/{name}");
        using var directory = new TemporaryDirectory();
        Copy(golden, directory.Path);
        var warnings = new List<string>();
        bool keepsStartTimes = name == "xor2_st";
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions
        {
            Path = directory.Path,
            Warned = warnings.Add,
            FloatChunkEncoding = keepsStartTimes ? ChunkEncoding.Xor2 : ChunkEncoding.Xor,
            StoresStartTimes = keepsStartTimes,
            WritesHistogramStartTimes = keepsStartTimes,
        });
        using var querier = new HeadQuerier(store.Head, long.MinValue, long.MaxValue);
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue, SortSeries = true };
        Matcher[] matchers = [new Matcher(Forethought.Model.MatchType.RegexMatch, "__name__", ".+")];
        using ISeriesSet set = await querier.SelectAsync(hints, matchers, TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        IEnumerable<string> lines = File.ReadLines(Path.Combine(golden, "head_after_replay.jsonl"));
        foreach (JsonElement expected in lines.Select(line => JsonDocument.Parse(line).RootElement).OrderBy(ReadLabels))
        {
            Assert.True(set.MoveNext());
            Assert.Equal(ReadLabels(expected), Labels.FromPacked(set.PackedLabels));
            StoreModel.ReadSamples(set, batch);
            JsonElement[] samples = [.. expected.GetProperty("samples").EnumerateArray()];
            Assert.Equal(samples.Length, batch.Count);
            for (int i = 0; i < samples.Length; i++)
                Check(samples[i], batch, i);
        }

        Assert.False(set.MoveNext());
        Assert.Empty(warnings);
    }

    private static Labels ReadLabels(JsonElement series) => Labels.FromStrings(
        [.. series.GetProperty("labels").EnumerateArray().SelectMany(label => label.EnumerateArray().Select(text => text.GetString()!))]);

    private static void Check(JsonElement sample, SampleBatch batch, int row)
    {
        Assert.Equal(sample[0].GetInt64(), batch.TimesMs[row]);
        Assert.Equal(sample[1].GetInt64(), batch.StartTimesMs?[row] ?? 0);
        if (sample[2].ValueKind == JsonValueKind.String)
            Assert.Equal(Double(sample[2]), batch.Values[row]);
        else
            Check(sample[2], batch.Histograms![row]!);
    }

    // Integer histograms are recorded with numbers and deltas, float histograms with bits and absolute counts.
    private static void Check(JsonElement expected, FloatHistogram actual)
    {
        Assert.Equal(Double(expected.GetProperty("sum")), actual.Sum);
        Assert.Equal(expected.GetProperty("schema").GetInt32(), actual.Schema);
        Assert.Equal(Double(expected.GetProperty("zt")), actual.ZeroThreshold);
        Assert.Equal(Count(expected.GetProperty("zc")), actual.ZeroCount);
        Assert.Equal(Count(expected.GetProperty("count")), actual.Count);
        Assert.Equal(Spans(expected.GetProperty("ps")), actual.PositiveSpans);
        Assert.Equal(Spans(expected.GetProperty("ns")), actual.NegativeSpans);
        Assert.Equal(Buckets(expected.GetProperty("pb")), actual.PositiveBuckets);
        Assert.Equal(Buckets(expected.GetProperty("nb")), actual.NegativeBuckets);
        if (expected.TryGetProperty("cv", out JsonElement bounds))
            Assert.Equal(bounds.EnumerateArray().Select(Double), actual.CustomValues);
    }

    private static IEnumerable<HistogramSpan> Spans(JsonElement spans) =>
        spans.EnumerateArray().Select(span => new HistogramSpan(span[0].GetInt32(), span[1].GetUInt32()));

    private static double Count(JsonElement count) => count.ValueKind == JsonValueKind.String ? Double(count) : count.GetDouble();

    private static IEnumerable<double> Buckets(JsonElement buckets)
    {
        double sum = 0;
        foreach (JsonElement bucket in buckets.EnumerateArray())
            yield return bucket.ValueKind == JsonValueKind.String ? Double(bucket) : sum += bucket.GetDouble();
    }

    private static double Double(JsonElement bits) => BitConverter.UInt64BitsToDouble(
        ulong.Parse(bits.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
