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

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1m1h")]
    [InlineData("1h1h")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData("300y")]
    [InlineData("99999999999999999999y")]
    public void What_is_no_duration_is_refused(string text) =>
        Assert.Throws<FormatException>(() => PrometheusDuration.Parse(text));
}
