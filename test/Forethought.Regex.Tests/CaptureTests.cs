using System.Buffers;
using System.Text;

namespace Forethought.Regex.Tests;

/// <summary>Groups, templates and replacement; expected values by Go's documented rules and its own examples.</summary>
public sealed class CaptureTests
{
    [Theory]
    [InlineData("abracadabra", "xabracadabra", "1-12")]
    [InlineData("a*", "baaa", "0-0")]
    [InlineData("(a+)(b+)", "xaabb", "1-5 1-3 3-5")]
    [InlineData("(a|ab)(c|bcd)(d*)", "abcd", "0-4 0-1 1-4 4-4")]
    [InlineData("(a+?)(a*)", "aaa", "0-3 0-1 1-3")]
    [InlineData("(?U)(a+)(a*?)", "aaa", "0-3 0-1 1-3")]
    [InlineData("(a)|(b)", "b", "0-1 -1--1 0-1")]
    [InlineData("((a)|b)*", "ab", "0-2 1-2 0-1")]
    [InlineData("(a*)*", "b", "0-0 0-0")]
    [InlineData("(a*)+", "b", "0-0 0-0")]
    [InlineData("(|a)*", "aa", "0-0 0-0")]
    [InlineData("(|a)+", "aa", "0-0 0-0")]
    [InlineData("(a){0}b", "b", "0-1 -1--1")]
    [InlineData("(?i)(straße)", "xSTRAẞEx", "1-9 1-9")]
    [InlineData("\\b(\\w+)$", "foo bar", "4-7 4-7")]
    [InlineData("(?m)^(b.*)$", "a\nbc\nd", "2-4 2-4")]
    [InlineData("(.)", "é", "0-2 0-2")]
    [InlineData("x", "y", "")]
    public void Finds_the_leftmost_match_that_Perl_prefers(string pattern, string text, string expected)
    {
        Re2Regex regex = Re2Regex.Compile(pattern);
        var captures = new int[regex.CaptureLength];
        string actual = regex.TryMatch(Encoding.UTF8.GetBytes(text), captures)
            ? string.Join(' ', captures.Chunk(2).Select(pair => $"{pair[0]}-{pair[1]}"))
            : "";
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_byte_that_is_not_UTF8_is_one_rune_wide()
    {
        Re2Regex regex = Re2Regex.Compile("^(.)(.)(.+)$");
        var captures = new int[regex.CaptureLength];
        Assert.True(regex.TryMatch([0xE2, 0x82, (byte)'a', 0xC3, 0xA9], captures));
        Assert.Equal([0, 5, 0, 1, 1, 2, 2, 5], captures);
        Assert.True(Re2Regex.Compile("^\uFFFD$").IsMatch([0xFF]));
        Assert.True(Re2Regex.Compile("^\uFFFD$").IsMatch("\uFFFD"u8));
        Assert.False(Re2Regex.Compile("^\uFFFD$").IsMatch([0xE2, 0x82]));
        Assert.True(new LabelRegex("(\uFFFD|x)").IsMatch([0xFF]));
    }

    [Fact]
    public void Knows_its_groups()
    {
        Re2Regex regex = Re2Regex.CompileAnchored("(?P<first>.)(?:x)(.)(?<third>y)");
        Assert.Equal(3, regex.GroupCount);
        Assert.Equal(["", "first", "", "third"], regex.GroupNames);
        Assert.Equal(8, regex.CaptureLength);
    }

    [Fact]
    public void Spans_of_other_lengths_get_what_fits()
    {
        Re2Regex regex = Re2Regex.CompileAnchored("(a)(b)");
        Span<int> two = stackalloc int[2];
        Assert.True(regex.TryMatch("ab"u8, two));
        Assert.Equal([0, 2], two);
        Span<int> eight = stackalloc int[8];
        Assert.True(regex.TryMatch("ab"u8, eight));
        Assert.Equal([0, 2, 0, 1, 1, 2, -1, -1], eight);
        Assert.Throws<ArgumentOutOfRangeException>(() => regex.TryMatch("ab"u8, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => regex.TryFind("ab"u8, 3, new int[2]));
    }

    [Fact]
    public void A_search_from_the_middle_sees_what_is_before_it()
    {
        var captures = new int[2];
        Assert.False(Re2Regex.Compile("^b").TryFind("ab"u8, 1, captures));
        Assert.True(Re2Regex.Compile("(?m)^b").TryFind("a\nb"u8, 2, captures));
        Assert.False(Re2Regex.Compile("\\bb").TryFind("ab"u8, 1, captures));
        Assert.True(Re2Regex.Compile("\\Bb").TryFind("ab"u8, 1, captures));
        Assert.True(Re2Regex.Compile("b").TryFind("bab"u8, 1, captures));
        Assert.Equal([2, 3], captures);
    }

    [Theory]
    [InlineData("$1", "foo")]
    [InlineData("${1}", "foo")]
    [InlineData("$1-${2}!", "foo-bar!")]
    [InlineData("$10", "")]
    [InlineData("${1}0", "foo0")]
    [InlineData("$1x", "")]
    [InlineData("${1}x", "foox")]
    [InlineData("$0", "foo-bar")]
    [InlineData("$00", "")]
    [InlineData("$word|$wordy|${word}y", "bar||bary")]
    [InlineData("$$1$", "$1$")]
    [InlineData("$$$1", "$foo")]
    [InlineData("$-${}${x${1", "$-${}${x${1")]
    [InlineData("${1-}", "${1-}")]
    [InlineData("$3", "")]
    [InlineData("$unknown.", ".")]
    [InlineData("é$1é", "é")]
    [InlineData("$999999999999", "")]
    public void Templates_expand_by_the_rules_of_Go(string template, string expected)
    {
        Re2Regex regex = Re2Regex.CompileAnchored("(.*)-(?P<word>.*)(x)?");
        var captures = new int[regex.CaptureLength];
        Assert.True(regex.TryMatch("foo-bar"u8, captures));
        var output = new ArrayBufferWriter<byte>();
        regex.Expand(Encoding.UTF8.GetBytes(template), "foo-bar"u8, captures, output);
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Of_groups_with_one_name_the_first_that_took_part_is_meant()
    {
        Re2Regex regex = Re2Regex.CompileAnchored("(?P<n>a)?(?P<n>b)");
        var captures = new int[regex.CaptureLength];
        Assert.True(regex.TryMatch("b"u8, captures));
        var output = new ArrayBufferWriter<byte>();
        regex.Expand("$n"u8, "b"u8, captures, output);
        Assert.Equal("b", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    // The table of Go's own test of ReplaceAllString, a part of it.
    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("", "x", "", "x")]
    [InlineData("", "", "abc", "abc")]
    [InlineData("", "x", "abc", "xaxbxcx")]
    [InlineData("b", "", "abc", "ac")]
    [InlineData("b", "x", "b", "x")]
    [InlineData("", "x", "☺♥", "x☺x♥x")]
    [InlineData("[a-c]*", "x", "αβcγdef", "xαxβxγxdxexfx")]
    [InlineData("[a-c]*", "x", "☺", "x☺x")]
    [InlineData("^[a-c]*", "x", "abcdabc", "xdabc")]
    [InlineData("[a-c]*$", "x", "abcdabc", "abcdx")]
    [InlineData("^", "x", "abc", "xabc")]
    [InlineData("$", "x", "abc", "abcx")]
    [InlineData("a*", "x", "baaac", "xbxcx")]
    [InlineData("a+", "${0}c", "abac", "acbacc")]
    [InlineData("(a+)(b)", "$2$1", "aabcab", "baacba")]
    [InlineData("a.(?s:.)", "-", "abcabc", "--")]
    public void Replaces_every_match(string pattern, string template, string input, string expected) =>
        Assert.Equal(expected, Re2Regex.Compile(pattern).ReplaceAll(input, template));

    [Fact]
    public void Options_apply_as_if_written_before_the_pattern()
    {
        Assert.False(Re2Regex.Compile("a.b").IsMatch("a\nb"u8));
        Assert.True(Re2Regex.Compile("a.b", Re2Options.DotMatchesNewline).IsMatch("a\nb"u8));
        Assert.False(Re2Regex.Compile("K").IsMatch("k"u8));
        Assert.True(Re2Regex.Compile("K", Re2Options.IgnoreCase).IsMatch("k"u8));
    }
}
