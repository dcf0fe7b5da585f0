using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Tests.Chunks;
using Forethought.Tsdb.Tombstones;
using Xunit;

namespace Forethought.Tsdb.Tests.Tombstones;

public sealed class ExcludedTimesTests
{
    private static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    // Samples at 10, 20 … 60; m and M stand for the ends of time.
    [Theory]
    [InlineData("", "10 20 30 40 50 60")]
    [InlineData("0-9", "10 20 30 40 50 60")]
    [InlineData("11-19 21-29 41-49", "10 20 30 40 50 60")]
    [InlineData("10-10", "20 30 40 50 60")]
    [InlineData("60-60", "10 20 30 40 50")]
    [InlineData("20-40", "10 50 60")]
    [InlineData("15-25 35-45", "10 30 50 60")]
    [InlineData("m-30", "40 50 60")]
    [InlineData("40-M", "10 20 30")]
    [InlineData("m-19 30-30 50-M", "20 40")]
    [InlineData("m-9 61-M", "10 20 30 40 50 60")]
    [InlineData("m-M", "")]
    [InlineData("m-60", "")]
    [InlineData("10-M", "")]
    [InlineData("10-60", "")]
    public void Samples_of_excluded_times_are_left_out(string excluded, string expected)
    {
        var batch = new SampleBatch(1);
        batch.Add(1, 1);
        Decode([.. Enumerable.Range(1, 6).Select(i => (i * 10L, (double)i))], Parse(excluded), batch);
        Assert.Equal(("1 " + expected).TrimEnd(), string.Join(' ', batch.TimesMs[..batch.Count]));
        Assert.All(Enumerable.Range(1, batch.Count - 1), i => Assert.Equal(batch.TimesMs[i], 10 * batch.Values[i]));
        Assert.Equal(SampleKind.Float, batch.AllKinds);
    }

    [Fact]
    public void What_kinds_there_are_is_told_of_what_is_left()
    {
        (long, double)[] samples = [(1, 1), (2, Stale), (3, 3)];
        var without = new SampleBatch();
        Decode(samples, [new TimeInterval(2, 2)], without);
        Assert.Equal(SampleKind.Float, without.AllKinds);
        var with = new SampleBatch();
        Decode(samples, [new TimeInterval(3, 3)], with);
        Assert.Equal(SampleKind.Stale, with.AllKinds);
        Assert.Equal([SampleKind.Float, SampleKind.Stale], with.Kinds[..with.Count]);

        // What the batch had before stays told.
        Decode(samples, [new TimeInterval(2, 2)], with);
        Assert.Equal(SampleKind.Stale, with.AllKinds);
    }

    [Fact]
    public void Start_times_stay_with_their_samples()
    {
        byte[] chunk = ReferenceEncoders.Xor2([.. Enumerable.Range(1, 20).Select(i => ((long)i * 10, (long)i * 10 - 3, (double)i))]);
        var batch = new SampleBatch();
        ExcludedTimes.Decode(new StoredChunk(ChunkEncoding.Xor2, chunk), [new TimeInterval(35, 85), new TimeInterval(120, 120)], batch);
        Assert.Equal(14, batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            Assert.Equal(batch.TimesMs[i], 10 * batch.Values[i]);
            Assert.Equal(batch.TimesMs[i] - 3, batch.StartTimesMs![i]);
        }

        Assert.All(batch.StartTimesMs!.Skip(batch.Count), start => Assert.Equal(0, start));
    }

    [Fact]
    public void Agrees_with_asking_every_sample()
    {
        Random random = Fuzz.Random(95);
        for (int round = 0; round < Fuzz.Rounds(500); round++)
        {
            (long TimeMs, double Value)[] samples =
                [.. Enumerable.Range(0, 60).Where(_ => random.Next(3) > 0).Append(60).Select(t => ((long)t, random.Next(8) == 0 ? Stale : t))];
            var excluded = new TimeIntervals();
            for (int i = random.Next(6); i > 0; i--)
            {
                long min = random.Next(10) == 0 ? long.MinValue : random.Next(-5, 65);
                excluded.Add(new TimeInterval(min, random.Next(10) == 0 ? long.MaxValue : Math.Max(min, -5) + random.Next(12)));
            }

            var batch = new SampleBatch(random.Next(1, 100));
            Decode(samples, excluded.Span, batch);
            (long TimeMs, double Value)[] expected = [.. samples.Where(sample => !TimeIntervals.Touch(excluded.Span, sample.TimeMs, sample.TimeMs))];
            Assert.Equal(expected.Select(sample => sample.TimeMs), batch.TimesMs[..batch.Count]);
            Assert.Equal(expected.Select(sample => BitConverter.DoubleToUInt64Bits(sample.Value)), batch.Values[..batch.Count].Select(BitConverter.DoubleToUInt64Bits));
        }
    }

    private static void Decode((long TimeMs, double Value)[] samples, ReadOnlySpan<TimeInterval> excluded, SampleBatch batch) =>
        ExcludedTimes.Decode(new StoredChunk(ChunkEncoding.Xor, ReferenceEncoders.Xor(samples)), excluded, batch);

    private static TimeInterval[] Parse(string intervals) =>
        [.. intervals.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('-')).Select(ends => new TimeInterval(Time(ends[0]), Time(ends[1])))];

    private static long Time(string text) => text switch
    {
        "m" => long.MinValue,
        "M" => long.MaxValue,
        _ => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
    };
}
