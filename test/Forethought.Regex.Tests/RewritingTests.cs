using System.Text;
using Forethought.Regex.Rewriting;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Tests;

public sealed class RewritingTests
{
    [Theory]
    [InlineData("", "<>")]
    [InlineData("foo", "<foo>")]
    [InlineData(".*", "<*>")]
    [InlineData(".+", "<+>")]
    [InlineData(".*.*", "<*>")]
    [InlineData(".*.+", "<+>")]
    [InlineData("foo.*", "<foo*>")]
    [InlineData(".*foo.+", "<*foo+>")]
    [InlineData("a.*b.+c", "<a*b+c>")]
    [InlineData("a|bc", "<a><bc>")]
    [InlineData("(a|bc).*", "<a*><bc*>")]
    [InlineData(".*(ab|cd).*", "<*ab*><*cd*>")]
    [InlineData("[ab][cd]", "<ac><ad><bc><bd>")]
    [InlineData("ab?", "<a><ab>")]
    [InlineData("a{2,3}", "<aa><aaa>")]
    [InlineData("(?:ab){0,2}", "<><ab><abab>")]
    [InlineData("(?:ab){0}c", "<c>")]
    [InlineData("(?i)ab", "<~AB>")]
    [InlineData("(?i)ab.*", "<~AB*>")]
    [InlineData("(^a|b$)", "<a><b>")]
    [InlineData("^(a$)", "<a>")]
    [InlineData("a||b", "<a><><b>")]
    public void Simple_patterns_are_sequences(string pattern, string expected) => Assert.Equal(expected, Describe(pattern));

    [Theory]
    [InlineData("a+")]
    [InlineData("a*b")]
    [InlineData(".")]
    [InlineData(".+.+")]
    [InlineData(".{2}")]
    [InlineData("(?:.*a)*")]
    [InlineData("[^a]b")]
    [InlineData("\\w+")]
    [InlineData("a\\bb")]
    [InlineData("a^b")]
    [InlineData("a$b")]
    [InlineData("(?m)^a$")]
    [InlineData("(?-s).*")]
    [InlineData("(?i:a)b")]
    [InlineData("\uFFFD")]
    [InlineData("[\uFFFD\uFFFE]")]
    [InlineData("\\x{D800}")]
    [InlineData("[^\\x00-\\x{10FFFF}]")]
    [InlineData("[a-z]{2}")]
    [InlineData("(a|b){9}")]
    public void Others_are_not(string pattern) => Assert.Null(Describe(pattern));

    [Fact]
    public void What_would_grow_too_much_is_left_alone()
    {
        Assert.Equal(256, Expand("[a-p][a-p]")!.Count);
        Assert.Null(Expand("[a-q][a-p]"));
        // A choice written out is as long as its pattern, however long that is.
        Assert.Equal(3000, Expand("(?:" + string.Join('|', Enumerable.Range(0, 3000)) + ")x")!.Count);
        Assert.Null(Expand("(?:" + string.Join('|', Enumerable.Range(0, 3000)) + ")" + new string('x', 1000)));
        Assert.Null(Expand(string.Concat(Enumerable.Repeat(".*a", 1000))));
        Assert.Null(Expand(string.Concat(Enumerable.Repeat("(", 200)) + "a" + new string(')', 200)));
    }

    [Fact]
    public void Gap_matchers_agree_with_trying_every_place()
    {
        var random = new Random(77);
        string[] literals = ["a", "b", "ab", "ba", "aa"];
        for (int round = 0; round < 3000; round++)
        {
            var pieces = new List<Piece>();
            bool gap = random.Next(2) == 0;
            for (int i = random.Next(1, 7); i > 0; i--, gap = !gap)
                pieces.Add(gap ? Piece.Gap(random.Next(2)) : Piece.Text(literals[random.Next(literals.Length)], foldCase: false));
            PieceSequence sequence = pieces.Select(PieceSequence.Of).Aggregate((left, right) => left.Then(right)!);
            ValueMatcher matcher = ValueMatcherFactory.Create([sequence])!;
            for (int i = 0; i < 20; i++)
            {
                string text = new(random.GetItems("ab".ToCharArray(), random.Next(0, 8)));
                Assert.Equal((string.Concat(pieces), text, Naive(pieces, 0, text)), (string.Concat(pieces), text, matcher.IsMatch(Encoding.UTF8.GetBytes(text))));
            }
        }

        static bool Naive(List<Piece> pieces, int index, string rest)
        {
            if (index == pieces.Count)
                return rest.Length == 0;
            if (pieces[index].Literal is { } literal)
                return rest.StartsWith(literal, StringComparison.Ordinal) && Naive(pieces, index + 1, rest[literal.Length..]);
            return Enumerable.Range(0, rest.Length + 1).Where(skip => skip >= pieces[index].Minimum).Any(skip => Naive(pieces, index + 1, rest[skip..]));
        }
    }

    [Fact]
    public void Sets_find_values_of_every_length()
    {
        var values = Enumerable.Range(0, 200).Select(length => Encoding.ASCII.GetBytes(new string('x', length))).ToList();
        var set = new SetMatcher([.. values.Where(value => value.Length % 3 == 0)]);
        Assert.All(values, value => Assert.Equal(value.Length % 3 == 0, set.IsMatch(value)));
        Assert.False(new SetMatcher([]).IsMatch(""u8));

        // Same length, different in one byte only, wherever it is.
        byte[] template = values[40];
        byte[][] variants = [.. Enumerable.Range(0, 40).Select(i => (byte[])[.. template[..i], (byte)'y', .. template[(i + 1)..]])];
        var others = new SetMatcher(variants);
        Assert.All(variants, variant => Assert.True(others.IsMatch(variant)));
        Assert.False(others.IsMatch(template));
    }

    [Fact]
    public void Pattern_texts_carry_any_bytes()
    {
        (string Text, byte[] Bytes)[] cases =
        [
            ("", []),
            ("aé", [(byte)'a', 0xC3, 0xA9]),
            ("😀", [0xF0, 0x9F, 0x98, 0x80]),
            ("\uDCFF", [0xFF]),
            ("a\uDC80\uDCC3b", [(byte)'a', 0x80, 0xC3, (byte)'b']),
        ];
        foreach ((string text, byte[] bytes) in cases)
        {
            Assert.Equal(text, PatternText.FromUtf8(bytes));
            Assert.Equal(bytes, PatternText.ToUtf8(text));
            Assert.Equal(System.Text.Unicode.Utf8.IsValid(bytes), PatternText.IsWellFormed(text));
        }
    }

    private static IReadOnlyList<PieceSequence>? Expand(string pattern) => SequenceExpander.Expand(Parser.Parse(pattern, ParseFlags.DotMatchesNewline).Root);

    private static string? Describe(string pattern) => Expand(pattern) is not { } sequences
        ? null
        : string.Concat(sequences.Select(sequence => "<" + string.Concat(sequence.Pieces.Select(Show)) + ">"));

    private static string Show(Piece piece) => piece.Literal is { } literal ? (piece.FoldCase ? "~" : "") + literal : piece.Minimum == 0 ? "*" : "+";
}
