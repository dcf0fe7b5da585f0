using System.Text.Json;
using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

/// <summary>Every histogram chunk that upstream's appender was recorded to write, in both directions.</summary>
public sealed class GoldenHistogramChunkTests : IDisposable
{
    private const string Golden = "golden/chunks.jsonl";

    private readonly NativeAllocator _allocator = new();
    private readonly BufferTable _buffers;

    public GoldenHistogramChunkTests() => _buffers = new BufferTable(_allocator, MemoryPurpose.OpenHistograms);

    public void Dispose() => _buffers.Dispose();

    [Fact]
    public void Integer_chunks_equal_those_of_upstream() => AssertEncodes<IntegerHistogramNumbers>(ChunkEncoding.Histogram, 39);

    [Fact]
    public void Float_chunks_equal_those_of_upstream() => AssertEncodes<FloatHistogramNumbers>(ChunkEncoding.FloatHistogram, 37);

    [Fact]
    public void Integer_chunks_with_start_timestamps_equal_those_of_upstream() =>
        AssertEncodes<IntegerHistogramNumbers>(ChunkEncoding.HistogramWithStartTimes, 71);

    [Fact]
    public void Float_chunks_with_start_timestamps_equal_those_of_upstream() =>
        AssertEncodes<FloatHistogramNumbers>(ChunkEncoding.FloatHistogramWithStartTimes, 71);

    [Theory]
    [InlineData(2, 39)]
    [InlineData(3, 37)]
    [InlineData(5, 71)]
    [InlineData(6, 71)]
    public void Chunks_of_upstream_decode_to_what_it_reads(int encoding, int expected)
    {
        int cases = 0;
        foreach (JsonElement line in Lines(encoding))
        {
            foreach (JsonElement chunk in line.GetProperty("chunks").EnumerateArray())
            {
                var batch = new SampleBatch(1);
                ChunkDecoder.Decode((ChunkEncoding)encoding, chunk.Hex("hex"), long.MinValue, long.MaxValue, batch);
                Assert.Equal(chunk.GetProperty("n").GetInt32(), batch.Count);
                if (!chunk.TryGetProperty("decoded", out JsonElement decoded))
                    continue;
                int row = 0;
                foreach (JsonElement sample in decoded.EnumerateArray())
                {
                    FloatHistogram want = encoding is 2 or 5 ? GoldenJson.ToFloat(sample[2].Histogram()) : sample[2].FloatHistogram();
                    Assert.Equal(sample[0].GetInt64(), batch.TimesMs[row]);
                    Assert.Equal(sample[1].GetInt64(), batch.StartTimesMs?[row] ?? 0);
                    FloatHistogram read = batch.Histograms![row]!;
                    Assert.Equal($"{line.Text("name")} {GoldenJson.Describe(want)}", $"{line.Text("name")} {GoldenJson.Describe(read)}");
                    Assert.Equal(want.IsStale ? SampleKind.StaleHistogram : SampleKind.Histogram, batch.Kinds[row]);
                    row++;
                }
            }

            cases++;
        }

        Assert.Equal(expected, cases);
    }

    private static IEnumerable<JsonElement> Lines(int encoding) =>
        GoldenJson.Lines(Golden).Where(line => line.Int64("enc") == encoding);

    private void AssertEncodes<TNumbers>(ChunkEncoding encoding, int expected)
        where TNumbers : struct, IHistogramNumbers
    {
        int cases = 0;
        bool hasStartTimes = encoding > ChunkEncoding.Xor2;
        foreach (JsonElement line in Lines((int)encoding))
        {
            var appender = new HistogramChunkAppender<TNumbers>(_buffers);
            var sample = new HistogramSample();
            HistogramChunkState state = default;
            var events = new List<string>();
            var chunks = new List<string>();
            int index = 0;
            foreach (JsonElement item in line.GetProperty("samples").EnumerateArray())
            {
                if (TNumbers.Encoding == ChunkEncoding.Histogram)
                    sample.Load(item[2].Histogram());
                else
                    sample.Load(item[2].FloatHistogram());
                sample.StartTimeMs = item[1].GetInt64();
                HistogramAppendOutcome outcome = HistogramAppendOutcome.Appended;
                if (state.IsEmpty)
                    appender.Start(ref state, item[0].GetInt64(), sample, hasStartTimes);
                else
                    outcome = appender.Append(ref state, item[0].GetInt64(), sample);
                if (outcome == HistogramAppendOutcome.NeedsNewChunk)
                {
                    events.Add($"[{index},\"new_chunk\"]");
                    chunks.Add(Copy(state));
                    appender.StartNext(ref state, item[0].GetInt64(), sample, isFull: false);
                }
                else if (outcome == HistogramAppendOutcome.Recoded)
                {
                    events.Add($"[{index},\"recoded\"]");
                }

                index++;
                Assert.Equal(item[0].GetInt64(), state.LastTimeMs(_buffers));
                Assert.Equal(hasStartTimes, state.HasStartTimes(_buffers));
            }

            chunks.Add(Copy(state));
            state.Free(_buffers);
            Assert.Equal(
                $"{line.Text("name")}: {string.Join(' ', line.GetProperty("events").EnumerateArray().Select(e => e.GetRawText()))}",
                $"{line.Text("name")}: {string.Join(' ', events)}");
            Assert.Equal(
                line.GetProperty("chunks").EnumerateArray().Select(chunk => $"{line.Text("name")} {chunk.Text("hex")}"),
                chunks.Select(chunk => $"{line.Text("name")} {chunk}"));
            cases++;
        }

        Assert.Equal(expected, cases);
        Assert.Equal(0, _buffers.BuffersInUse);
    }

    private string Copy(HistogramChunkState state)
    {
        byte[] chunk = new byte[state.ByteLength(_buffers)];
        Assert.Equal(chunk.Length, state.CopyTo(_buffers, chunk));
        return Convert.ToHexStringLower(chunk);
    }
}
