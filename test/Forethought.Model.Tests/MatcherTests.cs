using Forethought.Regex;

namespace Forethought.Model.Tests;

/// <summary>Expected values follow upstream's <c>model/labels/matcher_test.go</c> and the documentation of selectors.</summary>
public sealed class MatcherTests
{
    [Theory]
    [InlineData(MatchType.Equal, "bar", "bar", true)]
    [InlineData(MatchType.Equal, "bar", "foo-bar", false)]
    [InlineData(MatchType.NotEqual, "bar", "bar", false)]
    [InlineData(MatchType.NotEqual, "bar", "foo-bar", true)]
    [InlineData(MatchType.RegexMatch, "bar", "bar", true)]
    [InlineData(MatchType.RegexMatch, "bar", "foo-bar", false)]
    [InlineData(MatchType.RegexMatch, "bar", "bar-foo", false)]
    [InlineData(MatchType.RegexMatch, ".*bar", "foo-bar", true)]
    [InlineData(MatchType.RegexNotMatch, "bar", "bar", false)]
    [InlineData(MatchType.RegexNotMatch, "bar", "foo-bar", true)]
    [InlineData(MatchType.RegexNotMatch, ".*bar", "foo-bar", false)]
    [InlineData(MatchType.RegexMatch, "$*bar", "foo-bar", false)]
    [InlineData(MatchType.RegexMatch, "bar^+", "foo-bar", false)]
    [InlineData(MatchType.RegexMatch, "$+bar", "foo-bar", false)]
    [InlineData(MatchType.RegexMatch, "a|b", "b", true)]
    [InlineData(MatchType.RegexMatch, "a|b", "ab", false)]
    [InlineData(MatchType.RegexMatch, "a.b", "a\nb", true)]
    [InlineData(MatchType.Equal, "é", "é", true)]
    [InlineData(MatchType.Equal, "A", "a", false)]
    public void Accepts_values_by_its_comparison(MatchType type, string pattern, string value, bool accepted) =>
        Assert.Equal(accepted, new Matcher(type, "n", pattern).Matches(System.Text.Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData(MatchType.Equal, "", true)]
    [InlineData(MatchType.Equal, "a", false)]
    [InlineData(MatchType.NotEqual, "", false)]
    [InlineData(MatchType.NotEqual, "a", true)]
    [InlineData(MatchType.RegexMatch, ".*", true)]
    [InlineData(MatchType.RegexMatch, ".+", false)]
    [InlineData(MatchType.RegexMatch, "a?", true)]
    [InlineData(MatchType.RegexNotMatch, ".*", false)]
    [InlineData(MatchType.RegexNotMatch, ".+", true)]
    public void Knows_whether_a_series_without_the_label_is_accepted(MatchType type, string value, bool accepted) =>
        Assert.Equal(accepted, new Matcher(type, "n", value).MatchesEmpty);

    [Theory]
    [InlineData(MatchType.Equal, "job", "node", "job=\"node\"")]
    [InlineData(MatchType.NotEqual, "job", "a\"b\\c\n", "job!=\"a\\\"b\\\\c\\n\"")]
    [InlineData(MatchType.RegexMatch, "a_1", ".*\\.x", "a_1=~\".*\\\\.x\"")]
    [InlineData(MatchType.RegexNotMatch, "_", "é\u0001", "_!~\"é\\x01\"")]
    [InlineData(MatchType.Equal, "strange©™\n'quoted' name", "v", "\"strange©™\\n'quoted' name\"=\"v\"")]
    [InlineData(MatchType.Equal, "1a", "v", "\"1a\"=\"v\"")]
    [InlineData(MatchType.Equal, "with:colon", "v", "\"with:colon\"=\"v\"")]
    [InlineData(MatchType.Equal, "", "v", "\"\"=\"v\"")]
    public void Prints_as_promql_writes_it(MatchType type, string name, string value, string text) =>
        Assert.Equal(text, new Matcher(type, name, value).ToString());

    [Fact]
    public void Keeps_bytes_that_are_no_utf8()
    {
        var matcher = new Matcher(MatchType.Equal, "n"u8, [0xFF, (byte)'a']);
        Assert.True(matcher.Matches([0xFF, (byte)'a']));
        Assert.False(matcher.Matches("\uFFFDa"u8));
        Assert.Equal("n=\"\\xffa\"", matcher.ToString());
        Assert.NotEqual(matcher, new Matcher(MatchType.Equal, "n"u8, "\uFFFDa"u8));
    }

    [Fact]
    public void Compiles_only_patterns_and_says_what_is_wrong_with_one()
    {
        Assert.Null(new Matcher(MatchType.Equal, "n", "(").Regex);
        Assert.NotNull(new Matcher(MatchType.RegexMatch, "n", "a").Regex);
        Assert.Equal(
            "error parsing regexp: missing closing ): `(`",
            Assert.Throws<Re2SyntaxException>(() => new Matcher(MatchType.RegexNotMatch, "n", "(")).Message);
    }

    [Fact]
    public void Equality_is_of_type_name_and_value()
    {
        var matcher = new Matcher(MatchType.RegexMatch, "n", "v");
        Assert.Equal(matcher, new Matcher(MatchType.RegexMatch, "n", "v"));
        Assert.Equal(matcher.GetHashCode(), new Matcher(MatchType.RegexMatch, "n", "v").GetHashCode());
        Assert.NotEqual(matcher, new Matcher(MatchType.RegexNotMatch, "n", "v"));
        Assert.NotEqual(matcher, new Matcher(MatchType.RegexMatch, "m", "v"));
        Assert.NotEqual(matcher, new Matcher(MatchType.RegexMatch, "n", "w"));
        Assert.False(matcher.Equals((object)"n=~\"v\""));
        Assert.False(matcher.Equals(null));
    }

    [Fact]
    public void Negation_accepts_exactly_what_the_plain_comparison_refuses()
    {
        var random = new Random(5);
        string[] patterns = ["", "a", "ab", "a*", "a|b", "(a|b)+", ".", "[^a]*", "a.*b"];
        for (int round = 0; round < 2_000; round++)
        {
            byte[] value = new byte[random.Next(5)];
            for (int i = 0; i < value.Length; i++)
                value[i] = (byte)('a' + random.Next(3));
            string pattern = patterns[random.Next(patterns.Length)];
            Assert.NotEqual(new Matcher(MatchType.Equal, "n", pattern).Matches(value), new Matcher(MatchType.NotEqual, "n", pattern).Matches(value));
            Assert.NotEqual(new Matcher(MatchType.RegexMatch, "n", pattern).Matches(value), new Matcher(MatchType.RegexNotMatch, "n", pattern).Matches(value));
        }
    }
}
