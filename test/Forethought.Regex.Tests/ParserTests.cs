using Forethought.Regex.Syntax;

namespace Forethought.Regex.Tests;

/// <summary>Trees that the grammar gives to patterns.</summary>
public sealed class ParserTests
{
    [Theory]
    // literals and sequences
    [InlineData("", "emp{}")]
    [InlineData("a", "lit{a}")]
    [InlineData("abc", "lit{abc}")]
    [InlineData("日本", "lit{日本}")]
    [InlineData("a.b", "cat{lit{a}dnl{}lit{b}}")]
    [InlineData("(?s)a.", "cat{lit{a}dot{}}")]
    [InlineData("(?s:.).", "cat{dot{}dnl{}}")]
    [InlineData("ab*", "cat{lit{a}star{lit{b}}}")]
    [InlineData("(?:ab)*", "star{lit{ab}}")]
    [InlineData("a(?:bc)d", "lit{abcd}")]
    [InlineData("a(?:bc)+d", "cat{lit{a}plus{lit{bc}}lit{d}}")]
    [InlineData("a(?:b.)c", "cat{lit{a}lit{b}dnl{}lit{c}}")]
    [InlineData("\\Qa.b\\E*", "cat{lit{a.}star{lit{b}}}")]
    // repetition
    [InlineData("a*", "star{lit{a}}")]
    [InlineData("a+?", "nplus{lit{a}}")]
    [InlineData("a??", "nque{lit{a}}")]
    [InlineData("(?U)a*", "nstar{lit{a}}")]
    [InlineData("(?U)a*?", "star{lit{a}}")]
    [InlineData("a{2}", "rep2,2{lit{a}}")]
    [InlineData("a{2,}", "rep2,{lit{a}}")]
    [InlineData("a{0,}", "star{lit{a}}")]
    [InlineData("a{1,}?", "nplus{lit{a}}")]
    [InlineData("a{0,1}", "que{lit{a}}")]
    [InlineData("a{2,3}?", "nrep2,3{lit{a}}")]
    [InlineData("(?:a*)+", "plus{star{lit{a}}}")]
    [InlineData("a{", "lit{a{}")]
    [InlineData("a{,2}", "lit{a{,2}}")]
    // groups
    [InlineData("(a)", "cap1{lit{a}}")]
    [InlineData("()", "cap1{emp{}}")]
    [InlineData("(a(b))(c)", "cat{cap1{cat{lit{a}cap2{lit{b}}}}cap3{lit{c}}}")]
    [InlineData("(?P<x>a)", "cap1{lit{a}}")]
    [InlineData("(?:)", "emp{}")]
    // alternatives
    [InlineData("a|b", "cc{a-b}")]
    [InlineData("a|b|.", "dnl{}")]
    [InlineData("a|c|[e-g]|h", "cc{a c e-h}")]
    [InlineData("ab|cd", "alt{lit{ab}lit{cd}}")]
    [InlineData("ab|c|d|ef", "alt{lit{ab}cc{c-d}lit{ef}}")]
    [InlineData("ab|(?:cd|ef)", "alt{lit{ab}lit{cd}lit{ef}}")]
    [InlineData("ab|", "alt{lit{ab}emp{}}")]
    [InlineData("|", "alt{emp{}emp{}}")]
    [InlineData("(a|b)", "cap1{cc{a-b}}")]
    [InlineData("(?i:a)|b", "cc{A a-b}")]
    // classes
    [InlineData("[a]", "lit{a}")]
    [InlineData("[ab]", "cc{a-b}")]
    [InlineData("[a-]", "cc{- a}")]
    [InlineData("[]a]", "cc{] a}")]
    [InlineData("[^a]", "cc{\\x0-` b-\\x10FFFF}")]
    [InlineData("[^\\n]", "dnl{}")]
    [InlineData("[\\s\\S]", "dot{}")]
    [InlineData("[a-mn-z]", "cc{a-z}")]
    [InlineData("[c-ea-d]", "cc{a-e}")]
    [InlineData("[[:digit:]a]", "cc{0-9 a}")]
    [InlineData("[^[:word:]]", "cc{\\x0-/ :-@ [-^ ` {-\\x10FFFF}")]
    [InlineData("[\\d\\-]", "cc{- 0-9}")]
    [InlineData("\\D", "cc{\\x0-/ :-\\x10FFFF}")]
    [InlineData("[^\\D]", "cc{0-9}")]
    [InlineData("[^\\x00-\\x{10FFFF}]", "cc{}")]
    // case
    [InlineData("(?i)a", "fold{A}")]
    [InlineData("(?i)ab-1", "fold{AB-1}")]
    [InlineData("(?i)a(?-i)b", "cat{fold{A}lit{b}}")]
    [InlineData("(?i:a)b", "cat{fold{A}lit{b}}")]
    [InlineData("(?i)[a]", "fold{A}")]
    [InlineData("[Aa]", "fold{A}")]
    [InlineData("[Ăă]", "fold{Ă}")]
    [InlineData("[Kk]", "cc{K k}")]
    [InlineData("(?i)[k]", "cc{K k \u212A}")]
    [InlineData("(?i)k", "fold{K}")]
    [InlineData("(?i)ſ", "fold{S}")]
    // assertions and flags
    [InlineData("^a$", "cat{bot{}lit{a}eot{}}")]
    [InlineData("(?m)^a$", "cat{bol{}lit{a}eol{}}")]
    [InlineData("(?m)\\Aa\\z", "cat{bot{}lit{a}eot{}}")]
    [InlineData("\\b\\B", "cat{wb{}nwb{}}")]
    [InlineData("(?m-m)^", "bot{}")]
    [InlineData("(?s-s:.)", "dnl{}")]
    [InlineData("(?i:(?s).).", "cat{dot{}dnl{}}")]
    [InlineData("(a(?i)b)c", "cat{cap1{cat{lit{a}fold{B}}}lit{c}}")]
    [InlineData("a(?i)b|c", "alt{cat{lit{a}fold{B}}fold{C}}")]
    public void Parses(string pattern, string tree) => Assert.Equal(tree, TreePrinter.Print(Parser.Parse(pattern, ParseFlags.None).Root));

    [Theory]
    [InlineData("abc", 1, 3, 1, false)]
    [InlineData("(a)", 2, 3, 1, false)]
    [InlineData("a*", 2, 3, 1, true)]
    [InlineData("a+", 2, 2, 1, false)]
    [InlineData("a?", 2, 2, 1, true)]
    [InlineData("(?:ab){2,5}", 2, 13, 5, false)]
    [InlineData("(?:ab){3,}", 2, 7, 3, false)]
    [InlineData("(?:a{2}b{3}){4}", 4, 20, 12, false)]
    [InlineData("(?:a{5}){0}", 3, 1, 1, true)]
    [InlineData("ab|cd|", 2, 7, 1, true)]
    [InlineData("^$", 2, 2, 1, true)]
    [InlineData("(a?)(b*)", 4, 9, 1, true)]
    public void Nodes_know_their_height_size_repetition_and_whether_they_match_nothing(string pattern, int height, long size, int product, bool matchesEmpty)
    {
        Node root = Parser.Parse(pattern, ParseFlags.None).Root;
        Assert.Equal((height, size, product, matchesEmpty), (root.Height, root.Size, root.RepeatProduct, root.MatchesEmpty));
    }

    [Fact]
    public void Flags_given_apply_from_the_beginning()
    {
        Assert.Equal("cat{fold{A}dot{}}", TreePrinter.Print(Parser.Parse("a.", ParseFlags.FoldCase | ParseFlags.DotMatchesNewline).Root));
        Assert.Equal("cat{bol{}nstar{lit{a}}}", TreePrinter.Print(Parser.Parse("^a*", ParseFlags.MultiLine | ParseFlags.NonGreedy).Root));
        Assert.Equal("dnl{}", TreePrinter.Print(Parser.Parse("(?-s).", ParseFlags.DotMatchesNewline).Root));
    }
}
