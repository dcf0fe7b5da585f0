using Forethought.Testing;
using Forethought.Tsdb.Tombstones;
using Xunit;

namespace Forethought.Tsdb.Tests.Tombstones;

public sealed class TimeIntervalsTests
{
    // The cases of upstream's tsdb/tombstones/tombstones_test.go, TestAddingNewIntervals; m and M stand for the ends of time.
    [Theory]
    [InlineData("", "1-2", "1-2")]
    [InlineData("1-2", "1-2", "1-2")]
    [InlineData("1-4 6-6", "5-6", "1-6")]
    [InlineData("1-10 12-20 25-30", "21-25", "1-10 12-30")]
    [InlineData("1-10 12-20 25-30", "22-23", "1-10 12-20 22-23 25-30")]
    [InlineData("1-10 12-20 25-30", "18-23", "1-10 12-23 25-30")]
    [InlineData("1-10 12-20 25-30", "9-23", "1-23 25-30")]
    [InlineData("1-10 12-20 25-30", "9-230", "1-230")]
    [InlineData("5-10 12-20 25-30", "1-4", "1-10 12-20 25-30")]
    [InlineData("5-10 12-20 25-30", "11-14", "5-20 25-30")]
    [InlineData("5-10 12-20 25-30", "1-3", "1-3 5-10 12-20 25-30")]
    [InlineData("5-10 12-20 25-30", "35-40", "5-10 12-20 25-30 35-40")]
    [InlineData("", "m-2", "m-2")]
    [InlineData("m-2", "9-M", "m-2 9-M")]
    [InlineData("9-M", "m-2", "m-2 9-M")]
    [InlineData("9-M", "m-10", "m-M")]
    [InlineData("9-10", "m-7", "m-7 9-10")]
    [InlineData("9-10", "12-M", "9-10 12-M")]
    [InlineData("9-10", "m-8", "m-10")]
    [InlineData("9-10", "11-M", "9-M")]
    public void Added_intervals_are_joined_with_those_they_touch(string existing, string added, string expected)
    {
        var intervals = new TimeIntervals();
        intervals.AddRange(Parse(existing));
        intervals.Add(Assert.Single(Parse(added)));
        Assert.Equal(Parse(expected), intervals.Span.ToArray());
        Assert.Equal(intervals.Span.Length, intervals.Count);
    }

    [Fact]
    public void Holds_exactly_the_times_that_were_added()
    {
        const int Times = 64;
        Random random = Fuzz.Random(20);
        for (int round = 0; round < Fuzz.Rounds(300); round++)
        {
            var intervals = new TimeIntervals();
            bool[] model = new bool[Times];
            for (int i = random.Next(1, 14); i > 0; i--)
            {
                int from = random.Next(Times);
                int to = Math.Min(Times - 1, from + random.Next(12));
                intervals.Add(new TimeInterval(from, to));
                model.AsSpan(from..(to + 1)).Fill(true);
            }

            Assert.Equal<bool>(model, Enumerable.Range(0, Times).Select(t => TimeIntervals.Touch(intervals.Span, t, t)));
            Assert.Equal<bool>(model, Enumerable.Range(0, Times).Select(t => intervals.Span.ToArray().Any(interval => interval.Contains(t))));
            Assert.All(
                intervals.Span.ToArray().Zip(intervals.Span.ToArray().Skip(1)),
                pair => Assert.True(pair.First.MaxTimeMs + 1 < pair.Second.MinTimeMs));
            int min = random.Next(Times);
            int max = random.Next(min, Times);
            Assert.Equal(model[min..(max + 1)].All(isDeleted => isDeleted), TimeIntervals.Cover(intervals.Span, min, max));
            Assert.Equal(model[min..(max + 1)].Any(isDeleted => isDeleted), TimeIntervals.Touch(intervals.Span, min, max));
        }
    }

    private static TimeInterval[] Parse(string intervals) =>
        [.. intervals.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('-')).Select(ends => new TimeInterval(Time(ends[0]), Time(ends[1])))];

    private static long Time(string text) => text switch
    {
        "m" => long.MinValue,
        "M" => long.MaxValue,
        _ => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
    };
}
