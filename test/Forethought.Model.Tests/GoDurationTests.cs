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
