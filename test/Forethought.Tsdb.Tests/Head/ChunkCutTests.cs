using Forethought.Model;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Tests.Head;

/// <summary>When a chunk is closed: upstream's own cases (head_test.go) and a random comparison with its rule in absolute times.</summary>
public sealed class ChunkCutTests
{
    /// <summary>Upstream's TestMemSeries_append.</summary>
    [Fact]
    public void Chunks_are_cut_at_multiples_of_the_range_and_about_every_120_samples()
    {
        using var head = new HeadFixture(chunkRangeMs: 500);
        uint slot = head.Create("1");
        Assert.True(head.Append(slot, 998, 1));
        Assert.False(head.Append(slot, 999, 2));
        Assert.True(head.Append(slot, 1000, 3));
        Assert.False(head.Append(slot, 1001, 4));
        Assert.Equal([(998, 999, 2), (1000, 1001, 2)], head.Chunks(slot));
        for (int i = 1; i < 1000; i++)
            head.Append(slot, 1001 + i, i);
        List<(long MinTimeMs, long MaxTimeMs, int Samples)> chunks = head.Chunks(slot);
        Assert.True(chunks.Count > 7);
        Assert.All(chunks[1..^1], chunk => Assert.True(chunk.Samples > 100));
    }

    /// <summary>Upstream's TestMemSeries_append_atVariableRate.</summary>
    [Fact]
    public void A_rate_that_rises_suddenly_closes_chunks_at_twice_their_samples()
    {
        const long range = 2 * 60 * 60 * 1000;
        using var head = new HeadFixture(range);
        uint slot = head.Create("1");
        long time = 0;
        for (int i = 0; i < 30; i++, time += range * 2 / 120)
            head.Append(slot, time, i);
        for (int i = 0; i < ushort.MaxValue; i++)
            head.Append(slot, time++, i);
        Assert.True(head.Append(slot, range, 0));
        Assert.All(head.Chunks(slot), chunk => Assert.True(chunk.Samples <= 240));
        Assert.Equal(30 + ushort.MaxValue + 1, head.Chunks(slot).Sum(chunk => chunk.Samples));
    }

    /// <summary>Upstream's TestMemSeries_appendHistogram.</summary>
    [Fact]
    public void Histogram_chunks_are_cut_at_multiples_of_the_range_and_recoded_for_new_buckets()
    {
        using var head = new HeadFixture(chunkRangeMs: 1000);
        uint slot = head.Create("1");
        Assert.True(head.Append(slot, 998, Generate(0)));
        Assert.False(head.Append(slot, 999, Generate(1)));
        Assert.True(head.Append(slot, 1000, Generate(2)));
        Assert.False(head.Append(slot, 1001, Generate(3)));
        Histogram more = Generate(3);
        more.Count++;
        more.Sum += 1.23;
        more.PositiveSpans[1] = new HistogramSpan(1, 3);
        more.PositiveBuckets = [.. more.PositiveBuckets, 1];
        Assert.False(head.Append(slot, 1002, more));
        Assert.Equal([(998, 999, 2), (1000, 1002, 3)], head.Chunks(slot));
    }

    [Fact]
    public void A_counter_reset_starts_a_histogram_chunk()
    {
        using var head = new HeadFixture(chunkRangeMs: 7_200_000);
        uint slot = head.Create("1");
        Assert.True(head.Append(slot, 1000, Generate(5)));
        Histogram lower = Generate(1);
        lower.CounterResetHint = CounterResetHint.Unknown;
        Assert.True(head.Append(slot, 2000, lower));
        Assert.False(head.Append(slot, 3000, Generate(2)));
    }

    [Fact]
    public void A_float_chunk_never_exceeds_its_bytes_whatever_the_values()
    {
        using var head = new HeadFixture(chunkRangeMs: 7_200_000);
        uint slot = head.Create("1");
        var random = new Random(21);
        for (int i = 0; i < 3000; i++)
            head.Append(slot, i * 100 + random.Next(90), BitConverter.Int64BitsToDouble(random.NextInt64() & long.MaxValue >> 2));
        HeadShard shard = head.Head.ShardOf(slot);
        Assert.All(SealedLengths(head, shard, slot), length => Assert.InRange(length, 1, 1024));
    }

    [Theory]
    [InlineData(1, 7_200_000, 120)]
    [InlineData(2, 7_200_000, 120)]
    [InlineData(3, 1_200_000, 120)]
    [InlineData(4, 86_400_000, 60)]
    [InlineData(5, 7_200_000, 4)]
    [InlineData(6, 10_000_000_000, 120)]
    public void Cuts_where_upstreams_rule_cuts(int seed, long rangeMs, int samplesPerChunk)
    {
        using var head = new HeadFixture(rangeMs, samplesPerChunk);
        uint slot = head.Create("1");
        var random = new Random(seed);
        var rule = new UpstreamRule(rangeMs, samplesPerChunk);
        long time = 1_700_000_000_000;
        long interval = 15_000;
        for (int i = 0; i < 4000; i++)
        {
            // The rate changes now and then, by much.
            if (random.Next(150) == 0)
                interval = (long)Math.Pow(10, 1 + 4.5 * random.NextDouble());
            time += Math.Max(1, interval + random.Next(3) - 1);

            // A constant keeps chunks far below the limit of bytes, which the rule here does not know.
            Assert.Equal(rule.StartsChunk(time), head.Append(slot, time, 1));
        }

        Assert.Equal(rule.Samples, head.Chunks(slot)[^1].Samples);
    }

    private static Histogram Generate(int i) => new()
    {
        CounterResetHint = i > 0 ? CounterResetHint.NotCounterReset : CounterResetHint.Unknown,
        Count = (ulong)(12 + i * 9),
        ZeroCount = (ulong)(2 + i),
        ZeroThreshold = 0.001,
        Sum = 18.4 * (i + 1),
        Schema = 1,
        PositiveSpans = [new HistogramSpan(0, 2), new HistogramSpan(1, 2)],
        PositiveBuckets = [i + 1, 1, -1, 0],
        NegativeSpans = [new HistogramSpan(0, 2), new HistogramSpan(1, 2)],
        NegativeBuckets = [i + 1, 1, -1, 0],
    };

    private static unsafe List<int> SealedLengths(HeadFixture head, HeadShard shard, uint slot)
    {
        var lengths = new List<int>();
        for (uint handle = head.Head.Index.Series.Entry(slot).Sealed; handle != 0;)
        {
            var chunk = (SealedChunk*)shard.Sealed.Pointer(handle);
            lengths.Add(chunk->Length);
            handle = chunk->Previous;
        }

        return lengths;
    }

    /// <summary>The rule of upstream's appendPreprocessor as it reads, with absolute times.</summary>
    private sealed class UpstreamRule(long rangeMs, int samplesPerChunk)
    {
        private long _min;
        private long _max;
        private long _nextAt;

        public int Samples { get; private set; }

        public bool StartsChunk(long time)
        {
            bool starts = Samples == 0;
            if (!starts && Samples == samplesPerChunk / 4)
            {
                double chunks = (_nextAt - _min) / ((_max - _min + 1) * 4.0);
                if (chunks > 1)
                    _nextAt = (long)(_min + (_nextAt - _min) / Math.Floor(chunks));
            }

            starts |= time >= _nextAt || Samples >= 2 * samplesPerChunk;
            if (starts)
            {
                _min = time;
                _nextAt = time / rangeMs * rangeMs + rangeMs;
                Samples = 0;
            }

            _max = time;
            Samples++;
            return starts;
        }
    }
}
