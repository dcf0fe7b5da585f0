using System.Globalization;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

public sealed class UlidTests
{
    // The first is the example of github.com/ulid/spec; the others name the golden blocks and upstream's test blocks, whose times
    // are Crockford's base 32 of the first ten digits.
    [Theory]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV", 1_469_922_850_259)]
    [InlineData("01DXXFZDYD1MQW6079WK0K6EDQ", 1_578_316_576_717)]
    [InlineData("00000000000000000000000000", 0)]
    [InlineData("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", Ulid.MaxTimeMs)]
    public void Reads_and_writes_its_text(string text, long timeMs)
    {
        Assert.True(Ulid.TryParse(text, out Ulid ulid));
        Assert.Equal(timeMs, ulid.TimeMs);
        Assert.Equal(text, ulid.ToString());
        Assert.Equal(ulid, Ulid.Parse(text.ToLowerInvariant()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAVV")]
    [InlineData("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAU")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAI")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA/")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA\u017f")]
    [InlineData("chunks_head")]
    public void Refuses_what_is_none(string text)
    {
        Assert.False(Ulid.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Ulid.Parse(text));
    }

    [Fact]
    public void Is_made_of_time_and_randomness()
    {
        DateTimeOffset time = DateTimeOffset.Parse("2026-11-20T12:00:00.123Z", CultureInfo.InvariantCulture);
        Ulid ulid = Ulid.Create(time, new Random(1));
        Assert.Equal(time.ToUnixTimeMilliseconds(), ulid.TimeMs);
        Assert.Equal(ulid, Ulid.Create(time, new Random(1)));
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(seed => Ulid.Create(time, new Random(seed))).Distinct().Count());
        Assert.StartsWith("01M7WD7TKV", ulid.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_times_that_do_not_fit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Ulid.Create(DateTimeOffset.UnixEpoch.AddMilliseconds(-1), new Random(1)));
        Assert.Equal(0, Ulid.Create(DateTimeOffset.UnixEpoch, new Random(1)).TimeMs);
    }

    [Fact]
    public void Orders_as_its_text()
    {
        Random random = Fuzz.Random(21);
        Ulid[] ulids = [.. Enumerable.Range(0, 500).Select(_ => Ulid.Create(DateTimeOffset.UnixEpoch.AddMilliseconds(random.Next(50)), random))];
        Array.Sort(ulids);
        string[] texts = [.. ulids.Select(ulid => ulid.ToString())];
        Assert.Equal(texts.Order(StringComparer.Ordinal), texts);
        Assert.True(ulids[0] < ulids[1] && ulids[1] > ulids[0] && ulids[0] <= ulids[1] && ulids[1] >= ulids[0] && ulids[0] != ulids[1]);
        Assert.True(ulids[0] == Ulid.Parse(texts[0]) && ulids[0].GetHashCode() == Ulid.Parse(texts[0]).GetHashCode());
    }
}
