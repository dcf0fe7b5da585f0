using System.Text;
using Forethought.Testing;

namespace Forethought.Regex.Tests;

/// <summary>Whatever the pattern: an exception of the right type or a regex that answers, without hanging and without deep recursion.</summary>
public sealed class HostilePatternTests
{
    [Theory]
    [InlineData("(")]
    [InlineData("(?:")]
    [InlineData("(a|")]
    [InlineData("[")]
    [InlineData("[[:")]
    [InlineData("[^")]
    [InlineData(")")]
    [InlineData("(?P<")]
    [InlineData("(?P<n>")]
    [InlineData("(?i")]
    [InlineData("(?i-s:")]
    [InlineData("\\p{")]
    [InlineData("\\x{")]
    [InlineData("((a{2}")]
    public void A_hundred_thousand_openings_are_an_error(string opening)
    {
        string pattern = string.Concat(Enumerable.Repeat(opening, 100_000));
        Assert.Throws<Re2SyntaxException>(() => new LabelRegex(pattern));
        Assert.Throws<Re2SyntaxException>(() => Re2Regex.CompileAnchored(pattern));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("(?:a", ")?")]
    [InlineData("(", "b*)*")]
    public void Deep_balanced_nesting_is_an_error(string open, string close)
    {
        string pattern = string.Concat(Enumerable.Repeat(open, 100_000)) + string.Concat(Enumerable.Repeat(close, 100_000));
        Assert.Equal("expression nests too deeply", Assert.Throws<Re2SyntaxException>(() => new LabelRegex(pattern)).Reason);
    }

    [Theory]
    [InlineData("(?:ab|", ")")]
    [InlineData("(?:a?", ")")]
    public void Flattening_deep_nesting_has_a_limit(string open, string close)
    {
        string pattern = string.Concat(Enumerable.Repeat(open, 100_000)) + string.Concat(Enumerable.Repeat(close, 100_000));
        Assert.Equal("expression too large", Assert.Throws<Re2SyntaxException>(() => new LabelRegex(pattern)).Reason);
    }

    [Theory]
    [InlineData("(", ")", 990, "")]
    [InlineData("(?:a", ")?", 495, "aaa")]
    [InlineData("(", "b*)*", 330, "bbb")]
    [InlineData("(?:a|b", ")", 495, "ba")]
    public void The_deepest_allowed_nesting_runs_on_a_small_stack(string open, string close, int levels, string text)
    {
        string pattern = string.Concat(Enumerable.Repeat(open, levels)) + string.Concat(Enumerable.Repeat(close, levels));
        bool matched = false, found = false;
        var thread = new Thread(() =>
        {
            matched = new LabelRegex(pattern).IsMatch(text);
            Re2Regex regex = Re2Regex.CompileAnchored(pattern);
            found = regex.TryMatch(Encoding.UTF8.GetBytes(text), new int[regex.CaptureLength]);
        }, maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.True(matched && found);
    }

    [Theory]
    [InlineData("|")]
    [InlineData("a|")]
    [InlineData("ab?")]
    [InlineData(".*a")]
    [InlineData("[a-z]")]
    [InlineData("(a)")]
    [InlineData("^")]
    [InlineData("\\b")]
    [InlineData("\\pL")]
    [InlineData("(?i)k")]
    [InlineData("(a|b)")]
    [InlineData("[ab].*|")]
    [InlineData("a{2}")]
    public void Long_flat_patterns_compile_and_answer(string part)
    {
        string pattern = string.Concat(Enumerable.Repeat(part, 5_000));
        var regex = new LabelRegex(pattern);
        Assert.Equal(new LabelRegex($"(?:{pattern})").IsMatch("ab"), regex.IsMatch("ab"));
        Re2Regex captures = Re2Regex.CompileAnchored(pattern);
        Assert.Equal(regex.IsMatch("ab"), captures.TryMatch("ab"u8, new int[captures.CaptureLength]));
    }

    [Fact]
    public void Random_texts_are_errors_or_patterns_and_never_anything_else()
    {
        string[] tokens =
        [
            "(", ")", "(?:", "(?i)", "(?P<n>", "(?<", "[", "]", "[^", "-", "a", "z", "é", "\u212A", "\\", "\\d", "\\W", "\\pL", "\\p{Greek}", "\\P{^", "\\b", "\\Q", "\\E", "{", "}",
            "{2}", "{3,}", "{0,1000}", "{1000}", "*", "+", "?", "|", "^", "$", ".", ":", "[:alpha:]", "[[:", "\\x41", "\\x{", "\\07", "\n", "\uD800", "\uDCFF", "\0", ",", "s", "i",
        ];
        var random = Fuzz.Random(2026);
        int compiled = 0, refused = 0;
        for (int round = 0; round < Fuzz.Rounds(30_000); round++)
        {
            string pattern = string.Concat(random.GetItems(tokens, random.Next(1, 12)));
            try
            {
                var label = new LabelRegex(pattern);
                label.IsMatch("az-é");
                label.IsMatch([0xFF, (byte)'a', 0xC3]);
                compiled++;
            }
            catch (Re2SyntaxException exception)
            {
                Assert.StartsWith("error parsing regexp: ", exception.Message, StringComparison.Ordinal);
                refused++;
            }

            try
            {
                Re2Regex regex = Re2Regex.Compile(pattern);
                Span<int> captures = new int[regex.CaptureLength];
                Assert.Equal(regex.IsMatch("az-é"u8), regex.TryMatch("az-é"u8, captures));
            }
            catch (Re2SyntaxException)
            {
                refused++;
            }
        }

        Assert.True(compiled > 5000, $"{compiled} compiled");
        Assert.True(refused > 5000, $"{refused} refused");
    }

    [Fact]
    public void Patterns_cut_anywhere_are_errors_or_patterns()
    {
        const string Pattern = @"^(?i:(?P<host>[a-z\d.-]+|\p{Greek}{2,3}?|\Q*\E))(?s-i:[[:^digit:]\]]*)\x{1F600}\b(?:é|\.)$";
        for (int length = 0; length <= Pattern.Length; length++)
        {
            try
            {
                new LabelRegex(Pattern[..length]).IsMatch("host");
            }
            catch (Re2SyntaxException)
            {
                Assert.True(length < Pattern.Length);
            }
        }
    }

    [Fact]
    public void Counted_repetition_up_to_the_limit_answers()
    {
        var regex = new LabelRegex("(?:a?){500}(?:[ab]{2}){250}|((x{10}){10}){10}");
        Assert.True(regex.IsMatch(new string('a', 500)));
        Assert.True(regex.IsMatch(new string('a', 1000)));
        Assert.False(regex.IsMatch(new string('a', 499)));
        Assert.False(regex.IsMatch(new string('a', 1001)));
        Assert.True(regex.IsMatch(new string('x', 1000)));
    }
}
