using System.Text;
using Forethought.Regex.Programs;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Tests;

/// <summary>Where empty-width assertions hold; every engine must say the same.</summary>
public sealed class AssertionTests
{
    // Positions by the definitions of RE2's syntax page: \b between \w and \W or an end, ASCII only; (?m) at either side of \n.
    [Theory]
    [InlineData("^", "ab\ncd", "0")]
    [InlineData("$", "ab\ncd\n", "6")]
    [InlineData("\\A", "ab\ncd", "0")]
    [InlineData("\\z", "ab\ncd\n", "6")]
    [InlineData("(?m)^", "ab\ncd\n", "0 3 6")]
    [InlineData("(?m)$", "ab\ncd\n", "2 5 6")]
    [InlineData("(?m)^$", "a\n\nb", "2")]
    [InlineData("(?m)$", "", "0")]
    [InlineData("\\b", "ab cd", "0 2 3 5")]
    [InlineData("\\B", "ab cd", "1 4")]
    [InlineData("\\b", "_a-1", "0 2 3 4")]
    [InlineData("\\b", "éa", "2 3")]
    [InlineData("\\B", "é", "0 2")]
    [InlineData("\\b", "", "")]
    [InlineData("\\B", "", "0")]
    [InlineData("\\b", " ", "")]
    [InlineData("\\B", " -", "0 1 2")]
    [InlineData("^\\b", "a", "0")]
    [InlineData("\\b$", "a", "1")]
    [InlineData("\\b\\B", "a b", "")]
    [InlineData("(?:^|$)", "ab", "0 2")]
    [InlineData("(?:\\b|a)*", "-", "0 1")]
    [InlineData("^^^", "a", "0")]
    [InlineData("^*", "a", "0 1")]
    [InlineData("(?:$)+", "a", "1")]
    public void Hold_at(string pattern, string text, string positions)
    {
        Re2Regex regex = Re2Regex.Compile(pattern);
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var found = new List<int>();
        var captures = new int[2];
        for (int start = 0; start <= utf8.Length && regex.TryFind(utf8, start, captures); start = captures[0] + 1)
        {
            Assert.Equal(captures[0], captures[1]);
            found.Add(captures[0]);
            while (captures[0] + 1 < utf8.Length && (utf8[captures[0] + 1] & 0xC0) == 0x80)
                captures[0]++;
        }

        Assert.Equal(positions, string.Join(' ', found));
        Assert.Equal(positions.Length > 0, regex.IsMatch(utf8));
    }

    [Theory]
    [InlineData("foo\\b.*", "foo|foo-bar", "foobar|xfoo")]
    [InlineData(".*\\bfoo\\b.*", "foo|a foo b|-foo-", "afoo|foob|")]
    [InlineData("(?m)^a$\n^b$", "a\nb", "a\n\nb|ab")]
    [InlineData("a\\Bb|c\\bd", "ab", "cd")]
    [InlineData("(?m:^foo$)(?s:.)*", "foo|foo\nbar", "foobar")]
    [InlineData("(?:a\\b|-)*", "a|-a-|--|", "aa|a-a-aa")]
    [InlineData("\\Ba", "", "a| a")]
    [InlineData("(?:a$|b)+", "a|ba|bb", "ab|aa")]
    [InlineData("(?:^a|b)+", "a|ab|bb", "ba|aa")]
    public void Inside_whole_matches(string pattern, string matching, string other)
    {
        var regex = new LabelRegex(pattern);
        if (matching.Length > 0)
            Assert.All(matching.Split('|'), value => Assert.True(regex.IsMatch(value), value));
        Assert.All(other.Split('|'), value => Assert.False(regex.IsMatch(value), value));
    }

    [Theory]
    [InlineData(-1, -1, "BeginText, EndText, BeginLine, EndLine, NotWordBoundary")]
    [InlineData(-1, 'a', "BeginText, BeginLine, WordBoundary")]
    [InlineData('a', -1, "EndText, EndLine, WordBoundary")]
    [InlineData('a', 'b', "NotWordBoundary")]
    [InlineData('a', '\n', "EndLine, WordBoundary")]
    [InlineData('\n', '\n', "BeginLine, EndLine, NotWordBoundary")]
    [InlineData('-', 'é', "NotWordBoundary")]
    [InlineData('é', 'e', "WordBoundary")]
    [InlineData('_', '-', "WordBoundary")]
    public void Depend_on_the_runes_beside(int before, int after, string holding) =>
        Assert.Equal(Enum.Parse<AssertionKinds>(holding), Assertions.HoldingBetween(Assertions.ContextOf(before), Assertions.ContextOf(after)));

    [Theory]
    [InlineData("^a$", "a", true, true)]
    [InlineData("^^a", "a", true, false)]
    [InlineData("a$$", "a", false, true)]
    [InlineData("^", "", true, false)]
    [InlineData("^$", "", true, true)]
    [InlineData("a|^b", null, false, false)]
    [InlineData("(^a$)", null, false, false)]
    [InlineData("(?m)^a$", null, false, false)]
    public void Outermost_anchors_are_taken_off(string pattern, string? body, bool start, bool end)
    {
        Node root = Parser.Parse(pattern, ParseFlags.None).Root;
        AnchoredBody anchored = AnchoredBody.Of(root);
        Assert.Equal((start, end), (anchored.AnchoredStart, anchored.AnchoredEnd));
        Assert.Equal(body is null ? TreePrinter.Print(root) : TreePrinter.Print(Parser.Parse(body, ParseFlags.None).Root), TreePrinter.Print(anchored.Root));
    }
}
