using System.Text;

namespace Forethought.Regex.Tests;

public sealed class LabelRegexTests
{
    [Theory]
    [InlineData("foo", "foo")]
    [InlineData("^foo$", "foo")]
    [InlineData("foo|bar|foo", "foo,bar")]
    [InlineData("(foo|bar)(1|2)", "foo1,foo2,bar1,bar2")]
    [InlineData("foo|ba[rz]", "foo,bar,baz")]
    [InlineData("(^foo|bar$)", "foo,bar")]
    [InlineData("a(b(c|d)|e)?", "a,abc,abd,ae")]
    [InlineData("x{2,3}", "xx,xxx")]
    [InlineData("10\\.0\\.0\\.[0-2]", "10.0.0.0,10.0.0.1,10.0.0.2")]
    [InlineData("é|日本", "é,日本")]
    [InlineData("foo|", "foo,")]
    [InlineData("", "")]
    public void Lists_the_values_of_a_finite_pattern(string pattern, string expected)
    {
        var regex = new LabelRegex(pattern);
        Assert.Equal(expected.Split(',').Order(), regex.SetMatches?.Order());
        Assert.True(regex.IsRewritten);
        foreach (string value in regex.SetMatches!)
        {
            Assert.True(regex.IsMatch(value));
            Assert.False(regex.IsMatch(value + "!"));
        }
    }

    [Theory]
    [InlineData("foo.*")]
    [InlineData("(?i)foo")]
    [InlineData("[0-9]{3}")]
    [InlineData("[^a]")]
    [InlineData("a+")]
    [InlineData("a^b")]
    [InlineData("\\bfoo")]
    [InlineData("foo\uFFFD?.")]
    public void Does_not_list_what_is_not_finite_or_too_many(string pattern) => Assert.Null(new LabelRegex(pattern).SetMatches);

    [Theory]
    [InlineData("foo", "foo")]
    [InlineData("foo.*", "foo")]
    [InlineData("foobar|foobaz.*", "fooba")]
    [InlineData("(foo)(bar|baz)", "fooba")]
    [InlineData("foo[a-z]+", "foo")]
    [InlineData("(foo){2}", "foo")]
    [InlineData("(foo)+x.?", "foo")]
    [InlineData("\\bfoo\\b.*", "foo")]
    [InlineData("日本|日曜.*", "日")]
    [InlineData("😀|😁.*", null)]
    [InlineData("foo\uFFFD.*", "foo")]
    [InlineData("foo|bar.+", null)]
    [InlineData("(?i)foo.*", null)]
    [InlineData(".*foo", null)]
    [InlineData("foo?.*", "fo")]
    public void Knows_how_every_match_begins(string pattern, string? prefix) => Assert.Equal(prefix, new LabelRegex(pattern).Prefix);

    [Theory]
    [InlineData(".*", "|a|\n|é", null)]
    [InlineData(".+", "a|\n|é", "")]
    [InlineData("foo.*", "foo|foobar|foo\n", "fo|xfoo|")]
    [InlineData("foo.+", "foob|foo\n", "foo|fo|xfoob")]
    [InlineData(".*foo", "foo|xfoo|\nfoo", "foox|fo")]
    [InlineData(".+foo", "xfoo|éfoo|foofoo", "foo|foox")]
    [InlineData(".*foo.*", "foo|xfoo|foox|xfoox", "fo|f-oo")]
    [InlineData(".+foo.+", "xfoox|foofoofoo|éfooé", "foo|xfoo|foox|foofoo")]
    [InlineData(".*a.*b.*", "ab|a-b|xaxbx", "ba|a|b")]
    [InlineData("a.*b.+c", "ab-c|a--b--c|abbc", "abc|ac|a-b-d")]
    [InlineData("ab.*ba", "abba|ab-ba", "aba|ab|ba")]
    [InlineData(".*(orders|carts).*", "orders|my/carts/1", "order|cart")]
    [InlineData("foo|bar.*|", "foo|bar|barx|", "foox|fo")]
    [InlineData("(?i)foo", "foo|FOO|fOo", "fo|foox")]
    [InlineData("(?i)kelvin.*", "KELVIN|\u212Aelvin-1|kelvin", "elvin|kelv")]
    [InlineData("(?i)strasse", "STRASSE|\u017Ftra\u017F\u017Fe", "stra\u00DFe")]
    [InlineData("(?i)é|x", "É|é|X", "e|")]
    public void Rewritten_patterns_match_what_they_say(string pattern, string matching, string? other)
    {
        var regex = new LabelRegex(pattern);
        Assert.True(regex.IsRewritten);
        Assert.All(matching.Split('|'), value => Assert.True(regex.IsMatch(value), value));
        Assert.All(other?.Split('|') ?? [], value => Assert.False(regex.IsMatch(value), value));
    }

    [Theory]
    [InlineData("/api/v[12]/(orders|events)/[0-9]+5")]
    [InlineData("(?-s).*")]
    [InlineData("..+")]
    [InlineData("a{3,}")]
    [InlineData("(?i:foo)Bar.*")]
    [InlineData("a.*|b.*|c.*|d.*|e.*")]
    public void Leaves_the_rest_to_the_automaton(string pattern) => Assert.False(new LabelRegex(pattern).IsRewritten);

    [Fact]
    public void A_newline_is_any_rune_unless_switched_off()
    {
        Assert.True(new LabelRegex("a.b").IsMatch("a\nb"));
        Assert.False(new LabelRegex("(?-s)a.b").IsMatch("a\nb"));
        Assert.False(new LabelRegex("(?-s:.*)").IsMatch("a\nb"));
        Assert.False(new LabelRegex("a$").IsMatch("a\n"));
    }

    [Fact]
    public void A_set_of_many_values_finds_each_and_nothing_else()
    {
        var random = new Random(11);
        var values = Enumerable.Range(0, 5000).Select(_ => Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))[..random.Next(1, 16)]).Distinct().ToList();
        var regex = new LabelRegex(string.Join('|', values));
        Assert.Equal(values, regex.SetMatches);
        var known = values.ToHashSet();
        foreach (string value in values)
        {
            Assert.True(regex.IsMatch(value));
            Assert.Equal(known.Contains(value[..^1]), regex.IsMatch(value[..^1]));
            Assert.Equal(known.Contains(value + "0"), regex.IsMatch(value + "0"));
        }
    }

    [Fact]
    public void Keeps_its_pattern()
    {
        Assert.Equal("a.*", new LabelRegex("a.*").Pattern);
        Assert.Equal("a.*", new LabelRegex("a.*"u8).ToString());
    }

    [Fact]
    public void Can_be_shared_by_threads_that_build_its_states_at_once()
    {
        const string Pattern = "(a|b)*a(a|b){9}";
        var random = new Random(5);
        byte[][] values = [.. Enumerable.Range(0, 2000).Select(_ => RandomValue(random))];
        bool[] expected = [.. values.Select(value => value.Length >= 10 && value[^10] == (byte)'a')];
        var shared = new LabelRegex(Pattern);
        int failures = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() => Check(shared))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, failures);

        void Check(LabelRegex regex)
        {
            for (int i = 0; i < values.Length; i++)
            {
                if (regex.IsMatch(values[i]) != expected[i])
                    Interlocked.Increment(ref failures);
            }
        }

        static byte[] RandomValue(Random random) => Encoding.ASCII.GetBytes(random.GetItems("ab".ToCharArray(), random.Next(0, 40)));
    }

    [Fact]
    public void Matching_does_not_allocate()
    {
        string[] patterns = ["foo|bar", "(a|b)[0-9]+.?x", ".*foo.*bar", "(?i)foo.*", "\\w+-\\d+", "é[à-ü]+"];
        byte[][] values = [.. "foo|b12-x|xx foo bar|FOOd|abc-9|éàü|".Split('|').Select(Encoding.UTF8.GetBytes)];
        foreach (string pattern in patterns)
        {
            var regex = new LabelRegex(pattern);
            int matches = values.Count(value => regex.IsMatch(value));
            long before = GC.GetAllocatedBytesForCurrentThread();
            int again = 0;
            foreach (byte[] value in values)
            {
                if (regex.IsMatch(value))
                    again++;
            }

            Assert.Equal((pattern, 0), (pattern, GC.GetAllocatedBytesForCurrentThread() - before));
            Assert.Equal(matches, again);
            Assert.True(matches > 0, pattern);
        }
    }
}
