using System.Text.Json;
using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class ChunkEncoderTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly ChunkEncoder _encoder;

    public ChunkEncoderTests() => _encoder = new ChunkEncoder(_allocator);

    public void Dispose()
    {
        _encoder.Dispose();
        Assert.Equal(0, _allocator.TotalBytes);
    }

    [Theory]
    // Cases and results of upstream's TestHistogramSeriesToChunks.
    [InlineData("h1", "histogram 1 Unknown")]
    [InlineData("h1 h2", "histogram 2 Unknown")]
    [InlineData("h2 h1", "histogram 1 Unknown, histogram 1 CounterReset")]
    [InlineData("hs h1", "histogram 1 Unknown, histogram 1 Unknown")]
    [InlineData("h1 h-", "histogram 1 Unknown, histogram 1 CounterReset")]
    [InlineData("H1 H2", "floathistogram 2 Unknown")]
    [InlineData("H2 H1", "floathistogram 1 Unknown, floathistogram 1 CounterReset")]
    [InlineData("Hs H1", "floathistogram 1 Unknown, floathistogram 1 Unknown")]
    [InlineData("H1 H-", "floathistogram 1 Unknown, floathistogram 1 CounterReset")]
    [InlineData("h1 H2", "histogram 1 Unknown, floathistogram 1 Unknown")]
    [InlineData("H1 h2", "floathistogram 1 Unknown, histogram 1 Unknown")]
    [InlineData("h1 Hs", "histogram 1 Unknown, floathistogram 1 Unknown")]
    [InlineData("g1 g2", "histogram 2 Gauge")]
    [InlineData("g2 g1", "histogram 2 Gauge")]
    [InlineData("G1 G2", "floathistogram 2 Gauge")]
    [InlineData("G2 G1", "floathistogram 2 Gauge")]
    [InlineData("hx h1", "histogram 2 Unknown")]
    [InlineData("Hx H1", "floathistogram 2 Unknown")]
    public void Histograms_share_a_chunk_while_they_fit(string samples, string chunks) =>
        Assert.Equal(chunks, Encode(ChunkEncoderRules.Merging(ChunkEncoding.Xor), samples));

    [Theory]
    // Cases and results of upstream's TestSeriesToChunkEncoderFloatEncoding.
    [InlineData(ChunkEncoding.Xor, "f f f", "XOR 3")]
    [InlineData(ChunkEncoding.Xor, "f@ f@ f@", "XOR2 3")]
    [InlineData(ChunkEncoding.Xor, "f f@ f", "XOR 1, XOR2 2")]
    [InlineData(ChunkEncoding.Xor2, "f f f", "XOR2 3")]
    [InlineData(ChunkEncoding.Xor2, "f@ f@ f@", "XOR2 3")]
    [InlineData(ChunkEncoding.Xor2, "f f@ f", "XOR2 3")]
    [InlineData(ChunkEncoding.Xor, "f h1 f", "XOR 1, histogram 1 Unknown, XOR 1")]
    [InlineData(ChunkEncoding.Xor2, "f h1 f", "XOR2 1, histogram 1 Unknown, XOR2 1")]
    [InlineData(ChunkEncoding.Xor, "h1 h1@ h1", "histogram 1 Unknown, histogramST 1 Unknown, histogram 1 Unknown")]
    [InlineData(ChunkEncoding.Xor2, "h1 h1@ h1", "histogram 1 Unknown, histogramST 1 Unknown, histogram 1 Unknown")]
    [InlineData(ChunkEncoding.Xor2, "H1 H1@ H1", "floathistogram 1 Unknown, floathistogramST 1 Unknown, floathistogram 1 Unknown")]
    public void Start_timestamps_decide_the_encoding(ChunkEncoding floats, string samples, string chunks) =>
        Assert.Equal(chunks, Encode(ChunkEncoderRules.Merging(floats), samples));

    [Theory]
    [InlineData("f s f", "XOR 3")]
    [InlineData("h1 h2 hs hs h2", "histogram 4 Unknown, histogram 1 Unknown")]
    // As TestHistogramSeriesToChunks has it, what comes behind a marker that begins a chunk is unknown; and a marker has no type, so
    // it does not go with gauges. Integers then say that no reset lies between, floats say nothing.
    [InlineData("g1 hs", "histogram 1 Gauge, histogram 1 NotCounterReset")]
    [InlineData("G1 Hs", "floathistogram 1 Gauge, floathistogram 1 Unknown")]
    public void Stale_markers_stay_with_their_kind(string samples, string chunks) =>
        Assert.Equal(chunks, Encode(ChunkEncoderRules.Merging(ChunkEncoding.Xor), samples));

    [Theory]
    [InlineData(ChunkEncoding.Xor, false)]
    [InlineData(ChunkEncoding.Xor2, false)]
    [InlineData(ChunkEncoding.Xor, true)]
    public void A_merged_chunk_ends_after_120_samples(ChunkEncoding floats, bool hasStarts)
    {
        _encoder.Start(ChunkEncoderRules.Merging(floats));
        for (int i = 0; i < 150; i++)
            _encoder.AppendFloat(1000 + i, i, hasStarts ? 1 : 0);
        _encoder.Complete();
        string name = floats == ChunkEncoding.Xor2 || hasStarts ? "XOR2" : "XOR";
        Assert.Equal($"{name} 120, {name} 30", ChunkSamples.Describe(_encoder));
        Assert.Equal((1000, 1119), (_encoder.Finished[0].MinTimeMs, _encoder.Finished[0].MaxTimeMs));
        Assert.Equal((1120, 1149), (_encoder.Finished[1].MinTimeMs, _encoder.Finished[1].MaxTimeMs));
    }

    [Fact]
    public void A_start_timestamp_on_the_last_sample_before_the_limit_does_not_end_an_xor2_chunk()
    {
        _encoder.Start(ChunkEncoderRules.Merging(ChunkEncoding.Xor2));
        for (int i = 0; i < 125; i++)
            _encoder.AppendFloat(10 * i, i, i == 119 ? 7 : 0);
        _encoder.Complete();
        Assert.Equal("XOR2 120, XOR2 5", ChunkSamples.Describe(_encoder));
    }

    [Fact]
    public void A_histogram_chunk_that_is_full_says_nothing_about_resets_before_the_next()
    {
        Assert.Equal(
            "histogram 120 Unknown, histogram 30 Unknown",
            Encode(ChunkEncoderRules.Merging(ChunkEncoding.Xor), string.Join(' ', Enumerable.Repeat("h1", 150))));
    }

    [Fact]
    public void A_reset_that_a_histogram_reports_is_kept()
    {
        _encoder.Start(ChunkEncoderRules.Merging(ChunkEncoding.Xor));
        Histogram histogram = ChunkSamples.Integer("h1");
        histogram.CounterResetHint = CounterResetHint.CounterReset;
        _encoder.AppendHistogram(10, histogram, 0);
        _encoder.AppendHistogram(20, histogram, 0);
        _encoder.Complete();
        Assert.Equal("histogram 1 CounterReset, histogram 1 CounterReset", ChunkSamples.Describe(_encoder));
    }

    [Theory]
    [InlineData(ChunkEncoding.Xor, "f f", "XOR 2")]
    [InlineData(ChunkEncoding.Xor2, "f f", "XOR2 2")]
    [InlineData(ChunkEncoding.Histogram, "h1 h2", "histogram 2 Unknown")]
    [InlineData(ChunkEncoding.HistogramWithStartTimes, "h1 h2@ h2", "histogramST 3 Unknown")]
    [InlineData(ChunkEncoding.FloatHistogramWithStartTimes, "H1 H2", "floathistogramST 2 Unknown")]
    public void The_encoding_of_a_chunk_that_is_written_again_stays(ChunkEncoding encoding, string samples, string chunks) =>
        Assert.Equal(chunks, Encode(ChunkEncoderRules.Keeping(encoding), samples));

    [Fact]
    public void Every_recorded_series_becomes_the_chunks_that_upstream_made_of_it()
    {
        int cases = 0;
        foreach (JsonElement line in GoldenJson.Lines("golden/chunks.jsonl"))
        {
            var encoding = (ChunkEncoding)line.Int64("enc");
            _encoder.Start(ChunkEncoderRules.Keeping(encoding));
            foreach (JsonElement item in line.GetProperty("samples").EnumerateArray())
                Append(encoding, item);
            _encoder.Complete();
            string[] expected = line.TryGetProperty("chunks", out JsonElement chunks)
                ? [.. chunks.EnumerateArray().Select(chunk => chunk.Text("hex"))]
                : [line.Text("hex")];
            if (line.GetProperty("samples").GetArrayLength() == 0)
                expected = [];
            Assert.Equal($"{line.Text("name")} {string.Join(' ', expected)}", $"{line.Text("name")} {Hex()}");
            cases++;
        }

        Assert.Equal(329, cases);
    }

    [Fact]
    public void A_batch_of_any_kinds_comes_out_as_it_went_in()
    {
        var batch = new SampleBatch(1);
        batch.Add(10, 1.5);
        batch.Add(20, StaleMarker.Value);
        ChunkSamples.Float("H1").CopyTo(batch.AddHistogram(30));
        batch.CompleteHistogram();
        batch.Add(40, 2.5);
        batch.RequireStartTimes()[3] = 35;
        _encoder.Start(ChunkEncoderRules.Merging(ChunkEncoding.Xor));
        for (int row = 0; row < batch.Count; row++)
            _encoder.Append(batch, row);
        _encoder.Complete();
        Assert.Equal("XOR 2, floathistogram 1 Unknown, XOR2 1", ChunkSamples.Describe(_encoder));
        var read = new SampleBatch();
        foreach (EncodedChunk chunk in _encoder.Finished)
            ChunkDecoder.Decode(chunk.Encoding, _encoder.BytesOf(chunk), long.MinValue, long.MaxValue, read);
        Assert.Equal([10, 20, 30, 40], read.TimesMs[..read.Count]);
        Assert.Equal(batch.Values[..4].Select(BitConverter.DoubleToInt64Bits), read.Values[..4].Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal([0, 0, 0, 35], read.StartTimesMs![..4]);
        Assert.True(batch.Histograms![2]!.DataEquals(read.Histograms![2]!));
    }

    [Fact]
    public void Chunks_of_the_largest_samples_end_before_their_state_overflows()
    {
        var random = new Random(51);
        _encoder.Start(ChunkEncoderRules.Keeping(ChunkEncoding.Xor));
        (long Time, double Value)[] samples = new (long, double)[40_000];
        long time = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (time, BitConverter.Int64BitsToDouble(random.NextInt64()));
            time += random.NextInt64(1L << 40);
            _encoder.AppendFloat(samples[i].Time, samples[i].Value, 0);
        }

        _encoder.Complete();
        var read = new SampleBatch();
        foreach (EncodedChunk chunk in _encoder.Finished)
            ChunkDecoder.Decode(chunk.Encoding, _encoder.BytesOf(chunk), long.MinValue, long.MaxValue, read);
        Assert.True(_encoder.Finished.Length > 1);
        Assert.Equal(samples.Select(s => s.Time), read.TimesMs[..read.Count]);
    }

    [Fact]
    public void Floats_take_no_managed_memory_once_the_encoder_is_warm()
    {
        for (int round = 0; round < 2; round++)
            Fill();
        Assert.Equal(0, Allocation.Of(Fill));

        void Fill()
        {
            _encoder.Start(ChunkEncoderRules.Merging(ChunkEncoding.Xor));
            for (int i = 0; i < 1000; i++)
                _encoder.AppendFloat(1000 * i, i, i < 500 ? 0 : i);
            _encoder.Complete();
        }
    }

    [Fact]
    public void Starting_anew_drops_an_unfinished_chunk()
    {
        _encoder.Start(ChunkEncoderRules.Merging(ChunkEncoding.Xor));
        _encoder.AppendFloat(1, 1, 0);
        Assert.Equal("histogram 1 Unknown", Encode(ChunkEncoderRules.Merging(ChunkEncoding.Xor), "h1"));
        _encoder.Complete();
        Assert.Equal("histogram 1 Unknown", ChunkSamples.Describe(_encoder));
    }

    private void Append(ChunkEncoding encoding, JsonElement sample)
    {
        (long time, long start) = (sample[0].GetInt64(), sample[1].GetInt64());
        switch (encoding)
        {
            case ChunkEncoding.Xor:
                _encoder.AppendFloat(time, sample[2].Bits(), 0);
                break;
            case ChunkEncoding.Xor2:
                _encoder.AppendFloat(time, sample[2].Bits(), start);
                break;
            case ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes:
                _encoder.AppendHistogram(time, sample[2].Histogram(), encoding == ChunkEncoding.Histogram ? 0 : start);
                break;
            default:
                _encoder.AppendHistogram(time, sample[2].FloatHistogram(), encoding == ChunkEncoding.FloatHistogram ? 0 : start);
                break;
        }
    }

    private string Encode(ChunkEncoderRules rules, string samples)
    {
        _encoder.Start(rules);
        ChunkSamples.Append(_encoder, samples);
        _encoder.Complete();
        return ChunkSamples.Describe(_encoder);
    }

    private string Hex()
    {
        var texts = new List<string>();
        foreach (EncodedChunk chunk in _encoder.Finished)
            texts.Add(Convert.ToHexStringLower(_encoder.BytesOf(chunk)));
        return string.Join(' ', texts);
    }
}
