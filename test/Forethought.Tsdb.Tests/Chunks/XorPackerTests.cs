using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class XorPackerTests
{
    private readonly XorPacker _packer = new();

    [Fact]
    public void Where_no_window_can_be_better_the_bytes_are_those_of_the_reference()
    {
        (long, double)[][] chunks =
        [
            [(1_700_000_000_000, 1)],
            [(-5, -1), (long.MaxValue / 2, -1)],
            [(0, 1), (1, 2), (3, 2), (3000, 2), (200_000, 2), (200_001, 2)],
            [(0, double.NaN), (15_000, double.PositiveInfinity), (30_000, StaleMarker.Value)],
            [.. Enumerable.Range(0, 480).Select(i => (i * 15_000L, 7.0))],
            [.. Enumerable.Range(0, 3).Select(i => (i * 15_000L, i % 2 == 0 ? 0.0 : -0.0))],
        ];
        foreach ((long Time, double Value)[] samples in chunks)
            Assert.Equal(Convert.ToHexString(ReferenceEncoders.Xor(samples)), Convert.ToHexString(Pack(samples)));
    }

    [Fact]
    public void One_wide_change_does_not_make_all_that_follow_wide()
    {
        // After 1/3 every mantissa bit is in the window of who goes on with it: 52 bits a sample. A whole number needs a few.
        (long, double)[] samples = [.. Enumerable.Range(0, 480).Select(i => (i * 15_000L, i == 5 ? 1.0 / 3 : 1000.0 + i % 8))];
        Assert.InRange(ReferenceEncoders.Xor(samples).Length, 2500, 5000);
        Assert.InRange(Pack(samples).Length, 100, 500);
        AssertDecodes(samples);
    }

    [Fact]
    public void Any_samples_come_back_bit_by_bit_and_never_take_more_than_sample_by_sample()
    {
        Random random = Fuzz.Random(91);
        for (int round = 0; round < Fuzz.Rounds(600); round++)
        {
            (long, double)[] samples = RandomSamples(random, random.Next(1, 481));
            AssertDecodes(samples);

            // Eight beginnings are followed, not all: a chunk may be a little longer than the best, and so than the reference's.
            int length = ReferenceEncoders.Xor(samples).Length;
            Assert.InRange(Pack(samples).Length, 0, length + 2 + length / 200);
        }
    }

    [Fact]
    public void Changes_of_all_widths_take_the_least_that_windows_allow()
    {
        Random random = Fuzz.Random(92);
        long best = 0, planned = 0;
        for (int round = 0; round < Fuzz.Rounds(100); round++)
        {
            ulong[] changes = [.. Enumerable.Range(0, random.Next(1, 120)).Select(_ => ((ulong)random.NextInt64() | 1) >> random.Next(63) << random.Next(40)).Where(change => change != 0)];
            best += LeastBits(changes);
            planned += PlannedBits(changes);
        }

        Assert.InRange(planned, best, best * 1.005);
    }

    [Fact]
    public void The_most_samples_that_a_chunk_can_have_are_packed()
    {
        var random = new Random(93);
        (long Time, double)[] samples = [.. Enumerable.Range(0, ushort.MaxValue).Select(i => (i * 1000L, random.NextDouble()))];
        AssertDecodes(samples);
        Assert.Throws<ArgumentOutOfRangeException>(() => _packer.Pack(new long[ushort.MaxValue + 1], new double[ushort.MaxValue + 1]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _packer.Pack(new long[2], new double[1]).Length);
    }

    private static (long, double)[] RandomSamples(Random random, int count)
    {
        var samples = new List<(long, double)>();
        long time = random.NextInt64(-1L << 40, 1L << 42);
        double value = random.Next(1000);
        int kind = random.Next(6);
        for (int i = 0; i < count; i++)
        {
            time += random.Next(20) == 0 ? random.NextInt64(1, 1L << random.Next(1, 40)) : 15_000;
            value = (random.Next(60) == 0 ? 5 : kind) switch
            {
                0 => value + random.Next(100),
                1 => value,
                2 => Math.Round(random.NextDouble() * 100, 2),
                3 => random.NextDouble(),
                4 => value * 1.01,
                _ => BitConverter.UInt64BitsToDouble((ulong)random.NextInt64() << random.Next(64)),
            };
            samples.Add((time, random.Next(100) == 0 ? StaleMarker.Value : value));
        }

        return [.. samples];
    }

    // The plain dynamic programme over all beginnings.
    private static long LeastBits(ulong[] changes)
    {
        long[] least = new long[changes.Length + 1];
        for (int end = 1; end <= changes.Length; end++)
        {
            least[end] = long.MaxValue;
            ulong all = 0;
            for (int begin = end - 1; begin >= 0; begin--)
            {
                all |= changes[begin];
                long width = 64 - Math.Min(31, (int)ulong.LeadingZeroCount(all)) - (int)ulong.TrailingZeroCount(all);
                least[end] = Math.Min(least[end], least[begin] + 11 + ((end - begin) * (2 + width)));
            }
        }

        return least[^1];
    }

    private static long PlannedBits(ulong[] changes)
    {
        var plan = new XorWindowPlan();
        plan.Choose(changes);
        long bits = 0;
        int width = 0, leading = 0, trailing = 0;
        for (int i = 0; i < changes.Length; i++)
        {
            if (plan.Begins(i, out int newLeading, out int newTrailing))
            {
                (leading, trailing, width) = (newLeading, newTrailing, 64 - newLeading - newTrailing);
                bits += 11;
            }

            Assert.True((int)ulong.LeadingZeroCount(changes[i]) >= leading && (int)ulong.TrailingZeroCount(changes[i]) >= trailing);
            bits += 2 + width;
        }

        return bits;
    }

    private byte[] Pack((long TimeMs, double Value)[] samples) =>
        _packer.Pack([.. samples.Select(sample => sample.TimeMs)], [.. samples.Select(sample => sample.Value)]).ToArray();

    private void AssertDecodes((long TimeMs, double Value)[] samples)
    {
        var batch = new SampleBatch();
        ChunkDecoder.Decode(ChunkEncoding.Xor, Pack(samples), long.MinValue, long.MaxValue, batch);
        Assert.Equal(samples.Select(sample => sample.TimeMs), batch.TimesMs[..batch.Count]);
        Assert.Equal(
            samples.Select(sample => BitConverter.DoubleToUInt64Bits(sample.Value)),
            batch.Values[..batch.Count].Select(BitConverter.DoubleToUInt64Bits));
    }
}
