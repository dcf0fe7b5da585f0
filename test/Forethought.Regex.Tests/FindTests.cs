using System.Text;
using Forethought.Regex.Matching;

namespace Forethought.Regex.Tests;

/// <summary>All matches of a pattern in a text, found one after the other. Expected positions by hand from the rules of Perl and RE2.</summary>
public sealed class FindTests
{
    [Theory]
    [InlineData("", "", "0-0")]
    [InlineData("", "ab", "0-0 1-1 2-2")]
    [InlineData("a+", "baaab", "1-4")]
    [InlineData("abcd..", "abcdef", "0-6")]
    [InlineData("a*", "baaab", "0-0 1-4 5-5")]
    [InlineData("[a-z]+", "abcd, efg", "0-4 6-9")]
    [InlineData("[^a-z]+", "ab1234cd", "2-6")]
    [InlineData("[a\\-\\]z]+", "az]-bcz", "0-4 6-7")]
    [InlineData("[^\\n]+", "abcd\nef", "0-4 5-7")]
    [InlineData("[日本語]+", "日本語日本語", "0-18")]
    [InlineData("日本語+", "日本語", "0-9")]
    [InlineData("日本語+", "日本語語語語", "0-18")]
    [InlineData("()", "", "0-0")]
    [InlineData("(.*).*", "ab", "0-2")]
    [InlineData("[.]", ".", "0-1")]
    [InlineData("/$", "/abc/", "4-5")]
    [InlineData("/$", "/abc", "")]
    [InlineData(".", "abc", "0-1 1-2 2-3")]
    [InlineData(".*", "abc", "0-3")]
    [InlineData("(ab|a)b", "abab", "0-2 2-4")]
    [InlineData("(?:a|ab)(?:c|bcd)", "abcd", "0-4")]
    [InlineData("(?:ab|cd)*", "", "0-0")]
    [InlineData("a{2}", "aaaaa", "0-2 2-4")]
    [InlineData("a{2,}?", "aaaaa", "0-2 2-4")]
    [InlineData("a{2,}", "aaaaa", "0-5")]
    [InlineData("a??b", "ab b", "0-2 3-4")]
    [InlineData("\\S+", " a bc ", "1-2 3-5")]
    [InlineData("\\.", "a.b", "1-2")]
    [InlineData("\\Q+|*?{[\\E", "x+|*?{[", "1-7")]
    [InlineData("(?i)\\W", "aſ-K", "3-4")]
    [InlineData("(?i)FOO", "foo Foo fOO", "0-3 4-7 8-11")]
    [InlineData("\\bx", "x xx ax", "0-1 2-3")]
    [InlineData("x\\b", "xa x", "3-4")]
    [InlineData("(?m)^.", "ab\ncd", "0-1 3-4")]
    [InlineData("(?m).$", "ab\ncd", "1-2 4-5")]
    [InlineData("a|ab|abc", "abc", "0-1")]
    [InlineData("abc|ab|a", "abc", "0-3")]
    [InlineData("(?:a|ab)$", "ab", "0-2")]
    [InlineData("^abcdefg", "abcdef", "")]
    [InlineData("a+?$", "aaa", "0-3")]
    [InlineData("é|e", "eé", "0-1 1-3")]
    [InlineData("[^é]", "aéb", "0-1 3-4")]
    [InlineData("\\x{1F600}", "x😀", "1-5")]
    [InlineData("[^\\x{1F600}]+", "x😀y", "0-1 5-6")]
    public void Finds_all(string pattern, string text, string expected)
    {
        Assert.Equal(expected, FindAll(pattern, Encoding.UTF8.GetBytes(text)));

        // In a text too large for the backtracker, and behind a beginning that does not match, positions are the same but for the shift.
        if (!pattern.Contains('^') && expected.Length > 0 && !Re2Regex.Compile(pattern).IsMatch(Encoding.UTF8.GetBytes(new string('\n', 10))))
        {
            const int Shift = 300_000;
            string shifted = string.Join(' ', expected.Split(' ').Select(match => string.Join('-', match.Split('-').Select(end => int.Parse(end, null) + Shift))));
            Assert.Equal(shifted, FindAll(pattern, Encoding.UTF8.GetBytes(new string('\n', Shift) + text)));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x41 }, 0x41, 1)]
    [InlineData(new byte[] { 0xC3, 0xA9 }, 0xE9, 2)]
    [InlineData(new byte[] { 0xE2, 0x82, 0xAC }, 0x20AC, 3)]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98, 0x80 }, 0x1F600, 4)]
    [InlineData(new byte[] { 0xEF, 0xBF, 0xBD }, 0xFFFD, 3)]
    [InlineData(new byte[] { 0x80 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xC3 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xC3, 0x41 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xE2, 0x82 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xE2, 0x82, 0x41 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xC0, 0x80 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xF8, 0x88, 0x80, 0x80, 0x80 }, 0xFFFD, 1)]
    [InlineData(new byte[] { 0xFF }, 0xFFFD, 1)]
    public void Reads_runes_as_Go_does(byte[] text, int rune, int length)
    {
        Assert.Equal(rune, Utf8Runes.Read(text, 0, out int actualLength));
        Assert.Equal(length, actualLength);
    }

    [Fact]
    public void One_regex_serves_many_threads()
    {
        Re2Regex regex = Re2Regex.CompileAnchored("(?P<a>[a-z]*)-(?P<n>[0-9]*)(-.*)?");
        int failures = 0;
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            var captures = new int[regex.CaptureLength];
            for (int i = 0; i < 3000; i++)
            {
                int letters = random.Next(20), digits = random.Next(20);
                byte[] text = Encoding.ASCII.GetBytes(new string('x', letters) + "-" + new string('7', digits));
                if (!regex.TryMatch(text, captures) || !captures.AsSpan().SequenceEqual([0, text.Length, 0, letters, letters + 1, text.Length, -1, -1]))
                    Interlocked.Increment(ref failures);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, failures);
    }

    /// <summary>Matches that do not overlap, by the rule of Go's FindAll: an empty match right after another is left out.</summary>
    private static string FindAll(string pattern, byte[] text)
    {
        Re2Regex regex = Re2Regex.Compile(pattern);
        var found = new List<string>();
        var captures = new int[2];
        int previousEnd = -1;
        for (int position = 0; position <= text.Length && regex.TryFind(text, position, captures);)
        {
            (int begin, int end) = (captures[0], captures[1]);
            if (begin < end || begin != previousEnd)
                found.Add($"{begin}-{end}");
            previousEnd = end;
            position = end;
            if (begin == end)
            {
                int length = 1;
                if (end < text.Length)
                    Utf8Runes.Read(text, end, out length);
                position += length;
            }
        }

        return string.Join(' ', found);
    }
}
