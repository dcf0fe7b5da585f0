using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class GaugeHistogramChunkTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly BufferTable _buffers;
    private readonly HistogramChunkAppender<IntegerHistogramNumbers> _appender;
    private readonly HistogramSample _sample = new();

    public GaugeHistogramChunkTests()
    {
        _buffers = new BufferTable(_allocator, MemoryPurpose.OpenHistograms);
        _appender = new HistogramChunkAppender<IntegerHistogramNumbers>(_buffers);
    }

    public void Dispose() => _buffers.Dispose();

    [Fact]
    public void Gauges_may_shrink_and_lose_and_win_buckets()
    {
        var random = new Random(21);
        for (int round = 0; round < 100; round++)
        {
            HistogramChunkState state = default;
            var expected = new List<SortedDictionary<int, long>>();
            for (int i = 0; i < 30; i++)
            {
                var counts = new SortedDictionary<int, long>();
                for (int bucket = random.Next(1, 6); bucket > 0; bucket--)
                    counts[random.Next(-4, 8)] = random.Next(0, 50);
                HistogramAppendOutcome outcome = Append(ref state, 1000 * i, Make(counts));
                Assert.NotEqual(HistogramAppendOutcome.NeedsNewChunk, outcome);
                expected.Add(counts);
            }

            var batch = new SampleBatch();
            byte[] chunk = new byte[state.ByteLength(_buffers)];
            state.CopyTo(_buffers, chunk);
            ChunkDecoder.Decode(ChunkEncoding.Histogram, chunk, long.MinValue, long.MaxValue, batch);
            for (int i = 0; i < expected.Count; i++)
            {
                FloatHistogram histogram = batch.Histograms![i]!;
                Assert.Equal(CounterResetHint.Gauge, histogram.CounterResetHint);
                var read = new Dictionary<int, double>();
                for (var walk = new BucketWalk(histogram.PositiveSpans); walk.MoveNext();)
                    read[(int)walk.Index] = histogram.PositiveBuckets[walk.Position];
                Assert.Equal(
                    expected[i].Where(b => b.Value != 0).Select(b => (b.Key, (double)b.Value)),
                    read.Where(b => b.Value != 0).OrderBy(b => b.Key).Select(b => (b.Key, b.Value)));
            }

            state.Free(_buffers);
        }

        Assert.Equal(0, _buffers.BuffersInUse);
    }

    [Fact]
    public void Gauges_and_counters_do_not_share_a_chunk()
    {
        HistogramChunkState state = default;
        Histogram gauge = Make(new() { [0] = 1 });
        Histogram counter = Make(new() { [0] = 1 });
        counter.CounterResetHint = CounterResetHint.Unknown;
        Append(ref state, 0, gauge);
        Assert.Equal(HistogramAppendOutcome.NeedsNewChunk, Append(ref state, 1, counter));
        _appender.StartNext(ref state, 1, _sample, isFull: false);
        Assert.Equal(HistogramAppendOutcome.NeedsNewChunk, Append(ref state, 2, gauge));
        _appender.StartNext(ref state, 2, _sample, isFull: false);
        Assert.Equal(HistogramAppendOutcome.Appended, Append(ref state, 3, gauge));
        Assert.Equal((2, 3L), (state.SampleCount(_buffers), state.LastTimeMs(_buffers)));
        state.Free(_buffers);
        Assert.True(state.IsEmpty);
    }

    [Fact]
    public void After_a_stale_marker_only_stale_markers_fit()
    {
        HistogramChunkState state = default;
        Histogram stale = new() { Sum = StaleMarker.Value, CounterResetHint = CounterResetHint.Gauge };
        Append(ref state, 0, Make(new() { [0] = 1 }));
        Assert.Equal(HistogramAppendOutcome.Appended, Append(ref state, 1, stale));
        Assert.Equal(HistogramAppendOutcome.Appended, Append(ref state, 2, stale));
        Assert.Equal(HistogramAppendOutcome.NeedsNewChunk, Append(ref state, 3, Make(new() { [0] = 1 })));
        state.Free(_buffers);
    }

    private static Histogram Make(SortedDictionary<int, long> counts)
    {
        var spans = new List<HistogramSpan>();
        var deltas = new List<long>();
        int next = 0;
        long last = 0;
        foreach ((int index, long count) in counts)
        {
            spans.Add(new HistogramSpan(index - next, 1));
            next = index + 1;
            deltas.Add(count - last);
            last = count;
        }

        return new Histogram
        {
            CounterResetHint = CounterResetHint.Gauge,
            Count = (ulong)counts.Values.Sum(),
            PositiveSpans = [.. spans],
            PositiveBuckets = [.. deltas],
        };
    }

    private HistogramAppendOutcome Append(ref HistogramChunkState state, long time, Histogram histogram)
    {
        _sample.Load(histogram);
        if (!state.IsEmpty)
            return _appender.Append(ref state, time, _sample);
        _appender.Start(ref state, time, _sample);
        return HistogramAppendOutcome.Appended;
    }
}
