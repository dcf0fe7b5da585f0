using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class ChunkDecoderTests
{
    [Theory]
    [InlineData(0, "none")]
    [InlineData(7, "<unknown>")]
    [InlineData(255, "<unknown>")]
    public void Encodings_that_are_not_known_are_told(byte encoding, string name)
    {
        var e = Assert.Throws<TsdbCorruptionException>(
            () => ChunkDecoder.Decode((ChunkEncoding)encoding, new byte[10], long.MinValue, long.MaxValue, new SampleBatch()));
        Assert.Equal($"invalid chunk encoding \"{name}\"", e.Message);
    }

    [Theory]
    [InlineData(ChunkEncoding.Xor, "0000")]
    [InlineData(ChunkEncoding.Xor2, "000000")]
    [InlineData(ChunkEncoding.Histogram, "000000")]
    [InlineData(ChunkEncoding.FloatHistogram, "0000C0")]
    [InlineData(ChunkEncoding.HistogramWithStartTimes, "C00000")]
    [InlineData(ChunkEncoding.FloatHistogramWithStartTimes, "800000")]
    public void A_chunk_of_no_samples_is_no_damage_but_half_a_header_is(ChunkEncoding encoding, string hex)
    {
        byte[] chunk = Convert.FromHexString(hex);
        var batch = new SampleBatch();
        ChunkDecoder.Decode(encoding, chunk, long.MinValue, long.MaxValue, batch);
        Assert.Equal(0, batch.Count);
        for (int length = 0; length < chunk.Length; length++)
        {
            Assert.Throws<TsdbCorruptionException>(
                () => ChunkDecoder.Decode(encoding, chunk.AsSpan(0, length), long.MinValue, long.MaxValue, batch));
        }
    }

    [Theory]
    [InlineData(ChunkEncoding.Xor, "XOR")]
    [InlineData(ChunkEncoding.Histogram, "histogram")]
    [InlineData(ChunkEncoding.FloatHistogram, "floathistogram")]
    [InlineData(ChunkEncoding.Xor2, "XOR2")]
    [InlineData(ChunkEncoding.HistogramWithStartTimes, "histogramST")]
    [InlineData(ChunkEncoding.FloatHistogramWithStartTimes, "floathistogramST")]
    public void Names_are_upstream_s(ChunkEncoding encoding, string name) => Assert.Equal(name, ChunkDecoder.NameOf(encoding));

    [Fact]
    public void Floats_and_histograms_can_share_a_batch()
    {
        var batch = new SampleBatch(1);
        // Two samples of 1.0 at 1000 and 16000.
        ChunkDecoder.Decode(ChunkEncoding.Xor, Convert.FromHexString("0002D00F3FF0000000000000987500"), 0, long.MaxValue, batch);
        // A gauge of the empty histogram at 0: threshold 0; schema, spans and time as one zero bit each; counts; sum.
        ChunkDecoder.Decode(ChunkEncoding.Histogram, [0, 1, 0xC0, .. new byte[12]], long.MinValue, long.MaxValue, batch);
        Assert.Equal([SampleKind.Float, SampleKind.Float, SampleKind.Histogram], batch.Kinds[..batch.Count]);
        Assert.Null(batch.Histograms![1]);
        Assert.Equal(CounterResetHint.Gauge, batch.Histograms[2]!.CounterResetHint);
        Assert.Equal(SampleKind.Histogram, batch.AllKinds);
    }

    [Fact]
    public void A_batch_s_histograms_are_reused_without_traces_of_their_former_content()
    {
        var batch = new SampleBatch();
        FloatHistogram old = batch.AddHistogram(1);
        old.Schema = 5;
        old.ZeroThreshold = 1;
        old.ZeroCount = 2;
        old.Count = 3;
        old.CounterResetHint = CounterResetHint.CounterReset;
        old.PositiveSpans = old.NegativeSpans = [new(1, 1)];
        old.PositiveBuckets = old.NegativeBuckets = old.CustomValues = [1];
        batch.CompleteHistogram();
        string empty = GoldenJson.Describe(new FloatHistogram());
        batch.Clear();
        ChunkDecoder.Decode(ChunkEncoding.Histogram, [0, 1, 0, .. new byte[12]], long.MinValue, long.MaxValue, batch);
        Assert.Same(old, batch.Histograms![0]);
        Assert.Equal(empty, GoldenJson.Describe(old));
    }
}
