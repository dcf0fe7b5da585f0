using System.Globalization;
using Forethought.Testing;

namespace Forethought.Model.Tests;

public sealed class PrometheusDurationTests
{
    [Fact]
    public void Parsing_agrees_with_the_reference()
    {
        int rows = 0;
        foreach (string[] row in Conformance.Tsv("golden/duration.tsv"))
        {
            if (row[0] is not ("ParseDuration" or "ParseDurationAllowNegative"))
                continue;
            string input = System.Text.Encoding.UTF8.GetString(Conformance.Unescape(row[1]));
            Func<string, TimeSpan> parse = row[0] == "ParseDuration" ? PrometheusDuration.Parse : PrometheusDuration.ParseAllowNegative;
            if (row[2].StartsWith("error: ", StringComparison.Ordinal))
            {
                string expected = System.Text.Encoding.UTF8.GetString(Conformance.Unescape(row[2]["error: ".Length..]));
                Assert.Equal(expected, Assert.Throws<FormatException>(() => parse(input)).Message);
            }
            else
            {
                TimeSpan duration = parse(input);
                Assert.Equal(long.Parse(row[2], CultureInfo.InvariantCulture), (Int128)duration.Ticks * 100);
                Assert.Equal(row[3], PrometheusDuration.Format(duration));
            }

            rows++;
        }

        Assert.True(rows > 150, $"only {rows} rows checked");
    }

    [Fact]
    public void Formatting_agrees_with_the_reference()
    {
        foreach (string[] row in Conformance.Tsv("golden/duration.tsv").Where(row => row[0] == "DurationString"))
        {
            long nanoseconds = long.Parse(row[1], CultureInfo.InvariantCulture);
            Assert.Equal(row[2], PrometheusDuration.Format(new TimeSpan(nanoseconds / 100)));
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("15s", 15_000)]
    [InlineData("250ms", 250)]
    public void Units_mean_what_the_documentation_says(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), PrometheusDuration.Parse(text));

    // Texts and order of checks: upstream's common/model, ParseDuration.
    [Theory]
    [InlineData("", "empty duration string")]
    [InlineData("1", "not a valid duration string: \"1\"")]
    [InlineData("-1s", "not a valid duration string: \"-1s\"")]
    [InlineData("1.5d", "unknown unit \".\" in duration \"1.5d\"")]
    [InlineData("d", "not a valid duration string: \"d\"")]
    [InlineData("294y", "duration out of range")]
    [InlineData("200y10400w", "duration out of range")]
    [InlineData("107675d", "duration out of range")]
    [InlineData("2584200h", "duration out of range")]
    [InlineData("1s1s", "not a valid duration string: \"1s1s\"")]
    [InlineData("5m1h", "not a valid duration string: \"5m1h\"")]
    [InlineData("10S\"", "unknown unit \"S\\\"\" in duration \"10S\\\"\"")]
    [InlineData("99999999999999999999s", "not a valid duration string: \"99999999999999999999s\"")]
    public void Refuses_with_the_text_of_the_reference(string text, string error) =>
        Assert.Equal(error, Assert.Throws<FormatException>(() => PrometheusDuration.Parse(text)).Message);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0w", 0)]
    [InlineData("1ms", 1)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1y2w3d4h5m6s7ms", 33_019_506_007)]
    [InlineData("292y", 9_208_512_000_000)]
    [InlineData("106751d23h47m16s854ms", 9_223_372_036_854)]
    public void Reads_units_in_descending_order(string text, long milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), PrometheusDuration.Parse(text));
        Assert.Equal(TimeSpan.FromMilliseconds(-milliseconds), PrometheusDuration.ParseAllowNegative("-" + text));
    }

    [Theory]
    [InlineData(31_536_000_000, "1y")]
    [InlineData(31_536_000_001, "365d1ms")]
    [InlineData(604_800_000, "1w")]
    [InlineData(604_800_000 + 86_400_000, "8d")]
    [InlineData(7_200_000 + 1_000, "2h1s")]
    [InlineData(-90_000, "-1m30s")]
    public void Prints_years_and_weeks_only_where_they_are_exact(long milliseconds, string text) =>
        Assert.Equal(text, PrometheusDuration.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void What_it_prints_it_reads()
    {
        var random = new Random(17);
        for (int round = 0; round < 5_000; round++)
        {
            TimeSpan duration = TimeSpan.FromMilliseconds(random.NextInt64(9_000_000_000_000) >> random.Next(43));
            Assert.Equal(duration, PrometheusDuration.Parse(PrometheusDuration.Format(duration)));
        }
    }
}
