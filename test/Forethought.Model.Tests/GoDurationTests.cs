using System.Globalization;
using Forethought.Testing;

namespace Forethought.Model.Tests;

public sealed class GoDurationTests
{
    [Fact]
    public void Parsing_agrees_with_the_reference()
    {
        int rows = 0;
        foreach (string[] row in Conformance.Tsv("golden/duration.tsv").Where(row => row[0] == "GoParseDuration"))
        {
            string input = System.Text.Encoding.UTF8.GetString(Conformance.Unescape(row[1]));
            if (row[2].StartsWith("error: ", StringComparison.Ordinal))
            {
                string expected = System.Text.Encoding.UTF8.GetString(Conformance.Unescape(row[2]["error: ".Length..]));
                Assert.Equal(expected, Assert.Throws<FormatException>(() => GoDuration.Parse(input)).Message);
            }
            else
            {
                Assert.Equal(long.Parse(row[2], CultureInfo.InvariantCulture), GoDuration.ParseNanoseconds(input));
            }

            rows++;
        }

        Assert.True(rows > 80, $"only {rows} rows checked");
    }

    [Theory]
    [InlineData("2ms", 2)]
    [InlineData("1.5s", 1_500)]
    [InlineData("-1m", -60_000)]
    [InlineData("1h2m3s", 3_723_000)]
    public void Units_mean_what_the_documentation_says(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GoDuration.Parse(text));

    // Texts and order of checks: Go's time.ParseDuration.
    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("-", "time: invalid duration \"-\"")]
    [InlineData(".", "time: invalid duration \".\"")]
    [InlineData("3", "time: missing unit in duration \"3\"")]
    [InlineData("1h2", "time: missing unit in duration \"1h2\"")]
    [InlineData("1d", "time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData("1\"\\é\u0001", "time: unknown unit \"\\\"\\\\\\xc3\\xa9\\x01\" in duration \"1\\\"\\\\\\xc3\\xa9\\x01\"")]
    [InlineData("99999999999999999999", "time: invalid duration \"99999999999999999999\"")]
    [InlineData("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\"")]
    [InlineData("2562048h", "time: invalid duration \"2562048h\"")]
    [InlineData("2562047h99999999999h", "time: invalid duration \"2562047h99999999999h\"")]
    public void Refuses_with_gos_text(string text, string error) =>
        Assert.Equal(error, Assert.Throws<FormatException>(() => GoDuration.ParseNanoseconds(text)).Message);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("+0", 0)]
    [InlineData("1ns", 1)]
    [InlineData("1us1µs1μs", 3_000)]
    [InlineData(".5s", 500_000_000)]
    [InlineData("1.s", 1_000_000_000)]
    [InlineData("0.3333333333333333333h", 1_200_000_000_000)]
    [InlineData("0.100000000000000000000h", 360_000_000_000)]
    [InlineData("0.830103483285477580700h", 2_988_372_539_827)]
    [InlineData("0.9223372036854775807s", 922_337_203)]
    [InlineData("-9223372036854775808ns", long.MinValue)]
    [InlineData("2562047h47m16.854775807s", long.MaxValue)]
    public void Reads_nanoseconds(string text, long nanoseconds) => Assert.Equal(nanoseconds, GoDuration.ParseNanoseconds(text));

    [Fact]
    public void What_it_prints_it_reads()
    {
        var random = new Random(9);
        for (int round = 0; round < 5_000; round++)
        {
            var duration = new TimeSpan(random.NextInt64(long.MinValue / 100, long.MaxValue / 100) >> random.Next(60));
            Assert.Equal(duration, GoDuration.Parse(GoDuration.Format(duration)));
        }
    }

    [Theory]
    [InlineData(15_000, "15s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(5_400_000, "1h30m0s")]
    [InlineData(500, "500ms")]
    [InlineData(1500, "1.5s")]
    public void Prints_scrape_intervals_as_go_does(int milliseconds, string text) =>
        Assert.Equal(text, GoDuration.Format(TimeSpan.FromMilliseconds(milliseconds)));

    // Printed by Go's time.Duration.String.
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "100ns")]
    [InlineData(15, "1.5µs")]
    [InlineData(122_000, "12.2ms")]
    [InlineData(-5_000, "-500µs")]
    [InlineData(9_999_999, "999.9999ms")]
    [InlineData(10_000_000, "1s")]
    [InlineData(605_000_000, "1m0.5s")]
    [InlineData(36_000_000_000, "1h0m0s")]
    [InlineData(-36_610_000_001, "-1h1m1.0000001s")]
    public void Prints_as_go_does(long ticks, string text) => Assert.Equal(text, GoDuration.Format(TimeSpan.FromTicks(ticks)));
}
