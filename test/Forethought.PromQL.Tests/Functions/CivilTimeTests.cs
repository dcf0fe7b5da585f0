using Forethought.PromQL.Functions;
using Xunit;

namespace Forethought.PromQL.Tests.Functions;

public sealed class CivilTimeTests
{
    [Fact]
    public void Agrees_with_the_calendar_of_the_platform()
    {
        var random = new Random(6);
        for (int round = 0; round < 20_000; round++)
        {
            long seconds = random.NextInt64(-62_135_596_800, 253_402_300_800);
            DateTime expected = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;

            var time = new CivilTime(seconds);

            Assert.Equal(
                (expected.Year, expected.Month, expected.Day, expected.Hour, expected.Minute),
                (time.Year, time.Month, time.Day, time.Hour, time.Minute));
            Assert.Equal((int)expected.DayOfWeek, time.DayOfWeek);
            Assert.Equal(expected.DayOfYear, time.DayOfYear);
            Assert.Equal(DateTime.DaysInMonth(expected.Year, expected.Month), time.DaysInMonth);
        }
    }

    [Fact]
    public void Floats_that_are_no_time_are_the_last_moment_that_Go_can_tell()
    {
        // time.Unix(math.MinInt64, 0).UTC() in Go: 292277026596-12-04 15:30:08.
        var time = new CivilTime(long.MinValue);

        Assert.Equal((292_277_026_596, 12, 4, 15, 30), (time.Year, time.Month, time.Day, time.Hour, time.Minute));
    }
}
