using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class HistogramChunkTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly BufferTable _buffers;
    private readonly HistogramChunkAppender<IntegerHistogramNumbers> _integers;
    private readonly HistogramChunkAppender<FloatHistogramNumbers> _floats;
    private readonly HistogramSample _sample = new();

    public HistogramChunkTests()
    {
        _buffers = new BufferTable(_allocator, MemoryPurpose.OpenHistograms);
        _integers = new HistogramChunkAppender<IntegerHistogramNumbers>(_buffers);
        _floats = new HistogramChunkAppender<FloatHistogramNumbers>(_buffers);
    }

    public void Dispose() => _buffers.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Growing_histograms_come_out_as_they_went_in(bool isFloat)
    {
        for (int seed = 0; seed < 150; seed++)
        {
            var growth = new Growth(seed);
            HistogramChunkState state = default;
            var expected = new List<(long Time, Dictionary<int, double> Positive, Dictionary<int, double> Negative, double Sum)>();
            for (int i = 0; i < 40; i++)
            {
                (long time, Histogram histogram) = growth.Next();
                HistogramAppendOutcome outcome = Append(ref state, time, histogram, isFloat);
                Assert.True(outcome != HistogramAppendOutcome.NeedsNewChunk, $"seed {seed}: a growing histogram was taken for a reset");
                expected.Add((time, growth.Positive(), growth.Negative(), histogram.Sum));
            }

            SampleBatch batch = Decode(state, isFloat);
            Assert.Equal(expected.Count, batch.Count);
            for (int i = 0; i < batch.Count; i++)
            {
                Assert.Equal(expected[i].Time, batch.TimesMs[i]);
                Assert.Equal(expected[i].Sum, batch.Values[i]);
                AssertBuckets(expected[i].Positive, batch.Histograms![i]!.PositiveSpans, batch.Histograms[i]!.PositiveBuckets);
                AssertBuckets(expected[i].Negative, batch.Histograms[i]!.NegativeSpans, batch.Histograms[i]!.NegativeBuckets);
            }

            state.Free(_buffers);
        }

        Assert.Equal(0, _buffers.BuffersInUse);
    }

    [Fact]
    public void A_bucket_that_shrinks_is_a_reset_wherever_it_is()
    {
        for (int bucket = 0; bucket < 4; bucket++)
        {
            long[] before = [5, 5, 5, 5];
            long[] after = [6, 6, 6, 6];
            after[bucket] = 4;
            HistogramChunkState state = default;
            Append(ref state, 1000, Make([new(2, 4)], before), isFloat: false);
            Assert.Equal(HistogramAppendOutcome.NeedsNewChunk, Append(ref state, 2000, Make([new(2, 4)], after), isFloat: false));
            Assert.Equal(1, state.SampleCount(_buffers));
            _sample.Load(Make([new(2, 4)], after));
            _integers.StartNext(ref state, 2000, _sample, isFull: false);
            Assert.Equal(0b1000_0000, Bytes(state)[2]);
            state.Free(_buffers);
        }
    }

    [Theory]
    // What the next chunk says when the previous one was full: upstream asks the previous appender.
    [InlineData(false, 10, 0b0100_0000)]
    [InlineData(false, 4, 0b1000_0000)]
    [InlineData(true, 10, 0b0100_0000)]
    [InlineData(true, 4, 0b1000_0000)]
    public void A_chunk_after_a_full_one_says_whether_a_reset_lies_between(bool isFloat, long next, byte flags)
    {
        HistogramChunkState state = default;
        Append(ref state, 1000, Make([new(0, 1)], [5]), isFloat);
        Load(Make([new(0, 1)], [next]), isFloat);
        if (isFloat)
            _floats.StartNext(ref state, 2000, _sample, isFull: true);
        else
            _integers.StartNext(ref state, 2000, _sample, isFull: true);
        Assert.Equal(flags, Bytes(state)[2]);
        state.Free(_buffers);
    }

    [Fact]
    public void Another_schema_says_nothing_about_a_reset_but_float_chunks_after_full_ones_deny_it()
    {
        HistogramChunkState state = default;
        Append(ref state, 1000, Make([new(0, 1)], [5]), isFloat: true);
        Histogram other = Make([new(0, 1)], [6]);
        other.Schema = 3;
        Assert.Equal(HistogramAppendOutcome.NeedsNewChunk, Append(ref state, 2000, other, isFloat: true));
        _floats.StartNext(ref state, 2000, _sample, isFull: false);
        Assert.Equal(0, Bytes(state)[2]);
        Load(Make([new(0, 1)], [7]), isFloat: true);
        _floats.StartNext(ref state, 3000, _sample, isFull: true);
        Assert.Equal(0b0100_0000, Bytes(state)[2]);
        state.Free(_buffers);
    }

    [Fact]
    public void The_last_histogram_is_recognised_whatever_empty_buckets_it_comes_with()
    {
        HistogramChunkState state = default;
        Append(ref state, 1000, Make([new(1, 2)], [3, 4]), isFloat: false);
        Assert.True(LastEquals(state, Make([new(1, 2)], [3, 4])));
        Assert.True(LastEquals(state, Make([new(0, 3), new(4, 1)], [0, 3, 4, 0])));
        Assert.False(LastEquals(state, Make([new(1, 2)], [3, 5])));
        Assert.False(LastEquals(state, Make([new(2, 2)], [3, 4])));
        Histogram stale = new() { Sum = StaleMarker.Value };
        Assert.False(LastEquals(state, stale));
        Append(ref state, 2000, stale, isFloat: false);
        Assert.True(LastEquals(state, stale));
        state.Free(_buffers);
    }

    [Fact]
    public void A_time_range_selects_inclusively_and_stale_markers_have_no_hint()
    {
        HistogramChunkState state = default;
        for (int i = 0; i < 5; i++)
            Append(ref state, 1000 * i, Make([new(0, 2)], [i, i]), isFloat: false);
        Append(ref state, 5000, new Histogram { Sum = StaleMarker.Value }, isFloat: false);
        var batch = new SampleBatch();
        ChunkDecoder.Decode(ChunkEncoding.Histogram, Bytes(state), 2000, 3000, batch);
        Assert.Equal([2000, 3000], batch.TimesMs[..batch.Count]);
        Assert.False(batch.HasStale);
        ChunkDecoder.Decode(ChunkEncoding.Histogram, Bytes(state), 4001, long.MaxValue, batch);
        Assert.Equal(SampleKind.StaleHistogram, batch.Kinds[2]);
        Assert.Equal(CounterResetHint.NotCounterReset, batch.Histograms![1]!.CounterResetHint);
        Assert.Equal(CounterResetHint.Unknown, batch.Histograms[2]!.CounterResetHint);
        state.Free(_buffers);
    }

    [Fact]
    public void Spans_that_do_not_match_their_buckets_are_refused() =>
        Assert.Throws<ArgumentException>(() => _sample.Load(Make([new(0, 3)], [1, 2])));

    [Theory]
    [InlineData(ChunkEncoding.Histogram)]
    [InlineData(ChunkEncoding.FloatHistogram)]
    public void Cut_or_changed_bytes_decode_or_are_told_to_be_damaged(ChunkEncoding encoding)
    {
        bool isFloat = encoding == ChunkEncoding.FloatHistogram;
        var growth = new Growth(3);
        HistogramChunkState state = default;
        for (int i = 0; i < 20; i++)
        {
            (long time, Histogram histogram) = growth.Next();
            Append(ref state, time, histogram, isFloat);
        }

        byte[] good = Bytes(state);
        state.Free(_buffers);
        for (int length = 0; length < good.Length; length++)
            Assert.True(DecodesOrThrows(encoding, good[..length]) < 0, $"cut to {length} of {good.Length} bytes");
        var random = new Random(11);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = round % 4 == 0 ? new byte[random.Next(100)] : [.. good];
            if (round % 4 == 0)
                random.NextBytes(bytes);
            else
                bytes[random.Next(round % 4 == 1 ? bytes.Length : Math.Min(30, bytes.Length))] ^= (byte)(1 << random.Next(8));
            DecodesOrThrows(encoding, bytes);
        }
    }

    private static int DecodesOrThrows(ChunkEncoding encoding, byte[] chunk)
    {
        var batch = new SampleBatch();
        batch.Add(1, 2);
        try
        {
            ChunkDecoder.Decode(encoding, chunk, long.MinValue, long.MaxValue, batch);
            return batch.Count - 1;
        }
        catch (TsdbCorruptionException)
        {
            Assert.Equal((1, SampleKind.Float), (batch.Count, batch.AllKinds));
            return -1;
        }
    }

    private static Histogram Make(HistogramSpan[] spans, long[] counts)
    {
        long[] deltas = [.. counts];
        for (int i = deltas.Length - 1; i > 0; i--)
            deltas[i] -= deltas[i - 1];
        return new Histogram
        {
            Schema = 1,
            ZeroThreshold = 0.001,
            Count = (ulong)counts.Sum(),
            Sum = counts.Sum() * 1.5,
            PositiveSpans = spans,
            PositiveBuckets = deltas,
        };
    }

    private static void AssertBuckets(Dictionary<int, double> expected, HistogramSpan[] spans, double[] buckets)
    {
        var actual = new Dictionary<int, double>();
        int index = 0, position = 0;
        foreach (HistogramSpan span in spans)
        {
            index += span.Offset;
            for (uint i = 0; i < span.Length; i++)
                actual[index++] = buckets[position++];
        }

        Assert.Equal(position, buckets.Length);
        Assert.Equal(expected.Where(e => e.Value != 0).OrderBy(e => e.Key), actual.Where(e => e.Value != 0).OrderBy(e => e.Key));
    }

    private void Load(Histogram histogram, bool isFloat)
    {
        if (!isFloat)
        {
            _sample.Load(histogram);
            return;
        }

        _sample.Load(new FloatHistogram
        {
            CounterResetHint = histogram.CounterResetHint,
            Schema = histogram.Schema,
            ZeroThreshold = histogram.ZeroThreshold,
            ZeroCount = histogram.ZeroCount,
            Count = histogram.Count,
            Sum = histogram.Sum,
            PositiveSpans = histogram.PositiveSpans,
            NegativeSpans = histogram.NegativeSpans,
            PositiveBuckets = Sums(histogram.PositiveBuckets),
            NegativeBuckets = Sums(histogram.NegativeBuckets),
        });
    }

    private static double[] Sums(long[] deltas)
    {
        long sum = 0;
        return [.. deltas.Select(delta => (double)(sum += delta))];
    }

    private HistogramAppendOutcome Append(ref HistogramChunkState state, long time, Histogram histogram, bool isFloat)
    {
        Load(histogram, isFloat);
        if (!state.IsEmpty)
            return isFloat ? _floats.Append(ref state, time, _sample) : _integers.Append(ref state, time, _sample);
        if (isFloat)
            _floats.Start(ref state, time, _sample);
        else
            _integers.Start(ref state, time, _sample);
        return HistogramAppendOutcome.Appended;
    }

    private bool LastEquals(HistogramChunkState state, Histogram histogram)
    {
        _sample.Load(histogram);
        return _integers.LastEquals(state, _sample);
    }

    private byte[] Bytes(HistogramChunkState state)
    {
        byte[] chunk = new byte[state.ByteLength(_buffers)];
        state.CopyTo(_buffers, chunk);
        return chunk;
    }

    private SampleBatch Decode(HistogramChunkState state, bool isFloat)
    {
        var batch = new SampleBatch(1);
        ChunkEncoding encoding = isFloat ? ChunkEncoding.FloatHistogram : ChunkEncoding.Histogram;
        ChunkDecoder.Decode(encoding, Bytes(state), long.MinValue, long.MaxValue, batch);
        return batch;
    }

    /// <summary>
    /// A counter histogram as a client exposes it: buckets appear as observations fall into them, now and then with empty ones around.
    /// </summary>
    private sealed class Growth(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly SortedDictionary<int, long> _positive = [];
        private readonly SortedDictionary<int, long> _negative = [];
        private long _time = 1_700_000_000_000 + seed;
        private double _sum;

        public Dictionary<int, double> Positive() => _positive.ToDictionary(b => b.Key, b => (double)b.Value);

        public Dictionary<int, double> Negative() => _negative.ToDictionary(b => b.Key, b => (double)b.Value);

        public (long Time, Histogram Histogram) Next()
        {
            for (int i = _random.Next(6); i > 0; i--)
            {
                SortedDictionary<int, long> side = _random.Next(3) == 0 ? _negative : _positive;
                int bucket = _random.Next(-6, 12);
                side[bucket] = side.GetValueOrDefault(bucket) + _random.Next(1, 1 << _random.Next(1, 16));
                _sum += bucket;
            }

            _time += 15_000 + _random.Next(-2, 3);
            (HistogramSpan[] positiveSpans, long[] positive) = Expose(_positive);
            (HistogramSpan[] negativeSpans, long[] negative) = Expose(_negative);
            return (_time, new Histogram
            {
                Schema = 2,
                ZeroThreshold = 0.001,
                Count = (ulong)(_positive.Values.Sum() + _negative.Values.Sum()),
                Sum = _sum,
                PositiveSpans = positiveSpans,
                PositiveBuckets = positive,
                NegativeSpans = negativeSpans,
                NegativeBuckets = negative,
            });
        }

        private (HistogramSpan[] Spans, long[] Deltas) Expose(SortedDictionary<int, long> side)
        {
            var shown = new SortedDictionary<int, long>(side);
            for (int i = _random.Next(3); i > 0; i--)
                shown.TryAdd(_random.Next(-8, 14), 0);
            var spans = new List<HistogramSpan>();
            var deltas = new List<long>();
            int next = 0;
            long last = 0;
            foreach ((int index, long count) in shown)
            {
                if (spans.Count > 0 && index == next)
                    spans[^1] = spans[^1] with { Length = spans[^1].Length + 1 };
                else
                    spans.Add(new HistogramSpan(index - next, 1));
                next = index + 1;
                deltas.Add(count - last);
                last = count;
            }

            return ([.. spans], [.. deltas]);
        }
    }
}
