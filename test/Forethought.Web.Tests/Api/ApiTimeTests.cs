using System.Globalization;

namespace Forethought.Web.Tests.Api;

public sealed class ApiTimeTests
{
    // Seconds and nanoseconds as Go's time.Unix and time.Parse give them.
    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("1.0015", 1, 2_000_000)]
    [InlineData("-1.5", -2, 500_000_000)]
    [InlineData("1.9999", 2, 0)]
    [InlineData("1e3", 1000, 0)]
    [InlineData("1970-01-01T00:00:00Z", 0, 0)]
    [InlineData("2023-11-15T00:00:00.123456789Z", 1_700_006_400, 123_456_789)]
    [InlineData("2023-11-15T00:00:00.1234567891Z", 1_700_006_400, 123_456_789)]
    [InlineData("2023-11-15T00:00:00+01:30", 1_700_001_000, 0)]
    [InlineData("2024-02-29T12:00:00-00:01", 1_709_208_060, 0)]
    [InlineData("0000-01-01T00:00:00Z", -62_167_219_200, 0)]
    [InlineData("0000-02-29T00:00:00Z", -62_162_121_600, 0)]
    [InlineData("0001-01-01T00:00:00Z", -62_135_596_800, 0)]
    [InlineData("9999-12-31T23:59:59Z", 253_402_300_799, 0)]
    [InlineData("-292273086-05-16T16:47:06Z", -9_223_309_901_257_974, 0)]
    [InlineData("292277025-08-18T07:12:54.999999999Z", 9_223_309_901_257_974, 999_999_999)]
    public void Are_parsed(string text, long seconds, int nanoseconds)
    {
        Assert.True(ApiTime.TryParse(text, out ApiTime time));
        Assert.Equal(new ApiTime(seconds, nanoseconds), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("+ 1")]
    [InlineData("2023-11-15")]
    [InlineData("2023-11-15T00:00:00")]
    [InlineData("2023-11-15t00:00:00z")]
    [InlineData("2023-02-29T00:00:00Z")]
    [InlineData("2023-11-15T24:00:00Z")]
    [InlineData("2023-11-15T00:00:60Z")]
    [InlineData("2023-00-15T00:00:00Z")]
    [InlineData("2023-11-00T00:00:00Z")]
    [InlineData("2023-11-15T00:00:00.Z")]
    [InlineData("2023-11-15T00:00:00+0100")]
    [InlineData("2023-11-15T00:00:00+25:00")]
    [InlineData("+023-11-15T00:00:00Z")]
    public void Are_refused(string text) => Assert.False(ApiTime.TryParse(text, out _));

    [Fact]
    public void Agree_with_the_runtimes_calendar_and_survive_every_cut()
    {
        var random = new Random(11);
        for (int i = 0; i < 5_000; i++)
        {
            var time = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc);
            string text = time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
            Assert.True(ApiTime.TryParse(text, out ApiTime parsed));
            Assert.Equal(ApiTime.From(time), parsed);
            Assert.False(ApiTime.TryParse(text[..random.Next(5, text.Length)], out _));
        }
    }

    // What Prometheus 3.5.3 answers as the time of a query at these instants, in milliseconds.
    [Theory]
    [InlineData("9223372037", -9_223_372_036_709)]
    [InlineData("1e17", -2_537_764_290_115)]
    [InlineData("Inf", -9_223_372_036_854)]
    [InlineData("9999-12-31T23:59:59.999Z", -4_852_116_231_934)]
    [InlineData("1.001", 1_001)]
    [InlineData("-1.5", -1_500)]
    public void Wrap_around_for_queries_as_upstreams(string text, long milliseconds)
    {
        Assert.True(ApiTime.TryParse(text, out ApiTime time));
        Assert.Equal(milliseconds, time.QueryMs);
    }

    [Fact]
    public void Keep_their_order()
    {
        Assert.True(ApiTime.Min.IsBefore(new ApiTime(0, 0)));
        Assert.True(new ApiTime(0, 1).IsBefore(ApiTime.Max));
        Assert.True(new ApiTime(5, 1).IsBefore(new ApiTime(5, 2)));
        Assert.False(new ApiTime(5, 2).IsBefore(new ApiTime(5, 2)));
        Assert.Equal(long.MaxValue, ApiTime.Max.NanosecondsSince(ApiTime.Min));
        Assert.Equal(1_000_000_001, new ApiTime(2, 1).NanosecondsSince(new ApiTime(1, 0)));
        Assert.True(ApiTime.Min.StorageMs < 0 && ApiTime.Max.StorageMs > 0);
    }
}
