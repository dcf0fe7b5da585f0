namespace Forethought.Regex.Tests;

/// <summary>Texts as of Go's <c>regexp/syntax</c>, by its rules for what is quoted.</summary>
public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("(", "missing closing ): `(`")]
    [InlineData("(a|b", "missing closing ): `(a|b`")]
    [InlineData("(?i)(?s", "invalid or unsupported Perl syntax: `(?s`")]
    [InlineData("(?i)(?s:", "missing closing ): `(?i)(?s:`")]
    [InlineData("a))", "unexpected ): `a))`")]
    [InlineData("(a|b))", "unexpected ): `(a|b))`")]
    [InlineData("[a-z", "missing closing ]: `[a-z`")]
    [InlineData("x[a-z)", "missing closing ]: `[a-z)`")]
    [InlineData("[]", "missing closing ]: `[]`")]
    [InlineData("[a-Z]", "invalid character class range: `a-Z`")]
    [InlineData("[z-\\x41]", "invalid character class range: `z-\\x41`")]
    [InlineData("[[:alpah:]]", "invalid character class range: `[:alpah:]`")]
    [InlineData("[[:^alpah:]]", "invalid character class range: `[:^alpah:]`")]
    [InlineData("\\pX", "invalid character class range: `\\pX`")]
    [InlineData("\\p", "invalid character class range: `\\p`")]
    [InlineData("a\\P{^Foo}b", "invalid character class range: `\\P{^Foo}`")]
    [InlineData("\\p{Greek", "invalid character class range: `\\p{Greek`")]
    [InlineData("\\p{lu}", "invalid character class range: `\\p{lu}`")]
    [InlineData("a\\", "trailing backslash at end of expression: ``")]
    [InlineData("[a\\", "trailing backslash at end of expression: ``")]
    [InlineData("\\C", "invalid escape sequence: `\\C`")]
    [InlineData("\\Z", "invalid escape sequence: `\\Z`")]
    [InlineData("\\1", "invalid escape sequence: `\\1`")]
    [InlineData("\\8", "invalid escape sequence: `\\8`")]
    [InlineData("\\x", "invalid escape sequence: `\\x`")]
    [InlineData("\\xa", "invalid escape sequence: `\\xa`")]
    [InlineData("\\xag", "invalid escape sequence: `\\xag`")]
    [InlineData("\\x{}", "invalid escape sequence: `\\x{}`")]
    [InlineData("\\x{12", "invalid escape sequence: `\\x{12`")]
    [InlineData("\\x{1g}", "invalid escape sequence: `\\x{1g`")]
    [InlineData("\\x{110000}", "invalid escape sequence: `\\x{110000`")]
    [InlineData("[\\B]", "invalid escape sequence: `\\B`")]
    [InlineData("*", "missing argument to repetition operator: `*`")]
    [InlineData("a|+?", "missing argument to repetition operator: `+?`")]
    [InlineData("(?:{2,3})", "missing argument to repetition operator: `{2,3}`")]
    [InlineData("(?i)*", "missing argument to repetition operator: `*`")]
    [InlineData("\\Q\\E*", "missing argument to repetition operator: `*`")]
    [InlineData("a**", "invalid nested repetition operator: `**`")]
    [InlineData("a*?*", "invalid nested repetition operator: `*?*`")]
    [InlineData("a{2}{3}?b", "invalid nested repetition operator: `{2}{3}?`")]
    [InlineData("x{1001}", "invalid repeat count: `{1001}`")]
    [InlineData("x{9876543210}", "invalid repeat count: `{9876543210}`")]
    [InlineData("x{1,9876543210}", "invalid repeat count: `{1,9876543210}`")]
    [InlineData("x{2,1}", "invalid repeat count: `{2,1}`")]
    [InlineData("((((((((((x{2}){2}){2}){2}){2}){2}){2}){2}){2}){2})", "invalid repeat count: `{2}`")]
    [InlineData("(?P<name>a", "missing closing ): `(?P<name>a`")]
    [InlineData("(?P<name", "invalid named capture: `(?P<name`")]
    [InlineData("(?P<x y>a)", "invalid named capture: `(?P<x y>`")]
    [InlineData("(?<x y>a)", "invalid named capture: `(?<x y>`")]
    [InlineData("a(?<>b)", "invalid named capture: `(?<>`")]
    [InlineData("(?P<", "invalid or unsupported Perl syntax: `(?P`")]
    [InlineData("(?<", "invalid or unsupported Perl syntax: `(?<`")]
    [InlineData("(?P=n)", "invalid or unsupported Perl syntax: `(?P`")]
    [InlineData("(?i-)a", "invalid or unsupported Perl syntax: `(?i-)`")]
    [InlineData("(?-i-s)a", "invalid or unsupported Perl syntax: `(?-i-`")]
    [InlineData("(?é)", "invalid or unsupported Perl syntax: `(?é`")]
    public void Says_what_is_wrong_in_the_words_of_Go(string pattern, string expected)
    {
        var exception = Assert.Throws<Re2SyntaxException>(() => Re2Regex.Compile(pattern));
        Assert.Equal("error parsing regexp: " + expected, exception.Message);
        Assert.Equal(expected, $"{exception.Reason}: `{exception.Expression}`");
    }

    [Theory]
    [InlineData("a{,2}", "a{,2}")]
    [InlineData("a{", "a{")]
    [InlineData("a{1", "a{1")]
    [InlineData("a{1,", "a{1,")]
    [InlineData("a{x}", "a{x}")]
    [InlineData("a{01}", "a{01}")]
    [InlineData("{", "{")]
    [InlineData("a}]", "a}]")]
    [InlineData("[]a]", "]")]
    [InlineData("[^]a]", "b")]
    [InlineData("[a-]", "-")]
    [InlineData("[-a]", "-")]
    [InlineData("[a-b-c]", "-")]
    [InlineData("[[:word]", "[")]
    [InlineData("[[]", "[")]
    [InlineData("[\\]]", "]")]
    [InlineData("[\\d-z]", "-")]
    [InlineData("\\Q*+?{[\\E", "*+?{[")]
    [InlineData("\\Q\\\\E", "\\")]
    [InlineData("\\Qa.b", "a.b")]
    [InlineData("a*\\Q\\E*", "aa")]
    [InlineData("\\0", "\0")]
    [InlineData("\\07", "\a")]
    [InlineData("\\101", "A")]
    [InlineData("\\1234", "S4")]
    [InlineData("\\x{1F600}", "😀")]
    [InlineData("\\_\\-\\/", "_-/")]
    [InlineData("(?P<n>a)(?P<n>b)", "ab")]
    [InlineData("(?<1>a)", "a")]
    [InlineData("(?:)", "")]
    [InlineData("(|a)*", "aa")]
    [InlineData("^*", "")]
    [InlineData("x{0}y", "y")]
    [InlineData("\\p{^L}", "1")]
    [InlineData("\\P{^L}", "a")]
    public void Accepts_what_only_looks_wrong(string pattern, string matched) =>
        Assert.True(Re2Regex.CompileAnchored(pattern.Replace("\\Qa.b", "\\Qa.b\\E", StringComparison.Ordinal)).IsMatch(System.Text.Encoding.UTF8.GetBytes(matched)));

    [Fact]
    public void The_wrapping_of_anchored_patterns_is_textual()
    {
        Assert.Equal("error parsing regexp: missing closing ): `^(?s:()$`", Message("("));
        Assert.Equal("error parsing regexp: unexpected ): `^(?s:))$`", Message(")"));
        Assert.Equal("error parsing regexp: missing closing ): `^(?s:\\Qa.b)$`", Message("\\Qa.b"));

        Re2Regex odd = Re2Regex.CompileAnchored("a)|(b");
        Assert.Equal("a)|(b", odd.Pattern);
        Assert.True(odd.IsMatch("ax"u8));
        Assert.True(odd.IsMatch("xb"u8));
        Assert.False(odd.IsMatch("xax"u8));

        static string Message(string pattern) => Assert.Throws<Re2SyntaxException>(() => Re2Regex.CompileAnchored(pattern)).Message;
    }

    [Theory]
    [InlineData(new byte[] { (byte)'(', 0xFF, (byte)')' })]
    [InlineData(new byte[] { (byte)'[', 0xFF, (byte)']' })]
    [InlineData(new byte[] { (byte)'\\', 0xFF })]
    [InlineData(new byte[] { (byte)'.', 0xC3 })]
    [InlineData(new byte[] { (byte)'(', (byte)'?', (byte)'P', (byte)'<', 0x80, (byte)'>', (byte)')' })]
    public void Bytes_that_are_not_UTF8_are_refused_outside_literals(byte[] pattern)
    {
        var exception = Assert.Throws<Re2SyntaxException>(() => new LabelRegex(pattern));
        Assert.Equal("invalid UTF-8", exception.Reason);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_accepted_in_literals()
    {
        var regex = new LabelRegex([(byte)'a', 0xFF, (byte)'|', 0xC3]);
        Assert.True(regex.IsMatch([(byte)'a', 0xFF]));
        Assert.True(regex.IsMatch([0xC3]));
        Assert.False(regex.IsMatch([(byte)'a', 0xFE]));
        Assert.False(regex.IsMatch("a\uFFFD"));
        Assert.Null(regex.SetMatches);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("(?:", ")*")]
    public void Nesting_is_limited_to_a_thousand(string open, string close)
    {
        Assert.NotNull(Re2Regex.Compile(Nest(999)));
        string tooDeep = Nest(1000);
        var exception = Assert.Throws<Re2SyntaxException>(() => Re2Regex.Compile(tooDeep));
        Assert.Equal($"error parsing regexp: expression nests too deeply: `{tooDeep}`", exception.Message);

        string Nest(int depth) => string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));
    }

    [Fact]
    public void Size_is_limited_before_it_is_built()
    {
        // Each pattern would compile to millions of instructions or runes.
        string[] patterns =
        [
            "((" + string.Concat(Enumerable.Repeat("(xx?)", 1000)) + "){1000})",
            string.Concat(Enumerable.Repeat("(xx?){1000}", 1000)),
            string.Concat(Enumerable.Repeat("\\pL", 27000)),
        ];
        foreach (string pattern in patterns)
            Assert.Equal($"error parsing regexp: expression too large: `{pattern}`", Assert.Throws<Re2SyntaxException>(() => Re2Regex.Compile(pattern)).Message);
    }
}
