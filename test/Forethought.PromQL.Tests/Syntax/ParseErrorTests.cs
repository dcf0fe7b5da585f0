using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>Error texts as Prometheus 3.14 words and places them.</summary>
public sealed class ParseErrorTests
{
    [Theory]
    [InlineData("", "unknown position: parse error: no expression found in input")]
    [InlineData("# only a comment", "1:1: parse error: no expression found in input")]
    [InlineData("1+", "1:3: parse error: unexpected end of input")]
    [InlineData("*1", "1:1: parse error: unexpected <op:*>")]
    [InlineData("(1))", "1:5: parse error: unexpected right parenthesis ')'")]
    [InlineData("((1)", "1:5: parse error: unclosed left parenthesis")]
    [InlineData("foo\n  +\nbar +\n", "4:1: parse error: unexpected end of input")]
    [InlineData("foo bar", "1:5: parse error: unexpected identifier \"bar\"")]
    [InlineData("foo \"a long string\"", "1:5: parse error: unexpected string \"\\\"a long st\"...")]
    [InlineData("foo = bar", "1:5: parse error: unexpected \"=\"")]
    [InlineData("foo =~ bar", "1:5: parse error: unexpected character after '=': '~'")]
    [InlineData("!foo", "1:1: parse error: unexpected character after '!': 'f'")]
    [InlineData("foo.bar", "1:4: parse error: unexpected character: '.'")]
    [InlineData("日本", "1:1: parse error: unexpected character: '日'")]
    [InlineData("bool", "1:1: parse error: unexpected <bool>")]
    [InlineData("a - on(b) ignoring(c) d", "1:11: parse error: unexpected <ignoring>")]
    [InlineData("foo + group_left(baz) bar", "1:7: parse error: unexpected <group_left>")]
    [InlineData("time(,)", "1:6: parse error: unexpected \",\"")]
    [InlineData("sum(foo,)", "1:8: parse error: trailing commas not allowed in function call args")]
    [InlineData("sum some_metric by (test)", "1:5: parse error: unexpected identifier \"some_metric\"")]
    [InlineData("sum (a b)", "1:8: parse error: unexpected identifier \"b\" in aggregation")]
    public void Syntax_errors(string query, string message) => Assert.Equal(message, Error(query).Message);

    [Theory]
    [InlineData("2.5.", "1:1: parse error: bad number or duration syntax: \"2.5.\"")]
    [InlineData("1foo", "1:1: parse error: bad number or duration syntax: \"1\"")]
    [InlineData("0x1e", "1:1: parse error: bad number or duration syntax: \"0x1e\"")]
    [InlineData("1__0", "1:1: parse error: bad number or duration syntax: \"1__\"")]
    [InlineData("1e1000", "1:1: parse error: error parsing number: strconv.ParseFloat: parsing \"1e1000\": value out of range")]
    [InlineData("0x", "1:1: parse error: error parsing number: strconv.ParseFloat: parsing \"0x\": invalid syntax")]
    [InlineData("1s1m", "1:1: parse error: not a valid duration string: \"1s1m\"")]
    [InlineData("1m1m", "1:1: parse error: not a valid duration string: \"1m1m\"")]
    [InlineData("1.5h", "1:1: parse error: unknown unit \".\" in duration \"1.5h\"")]
    [InlineData("300y", "1:1: parse error: duration out of range")]
    [InlineData("foo[5mm]", "1:5: parse error: bad number or duration syntax: \"5mm\"")]
    [InlineData("\"\\q\"", "1:1: parse error: unknown escape sequence U+0071 'q'")]
    [InlineData("\"\\x.\"", "1:1: parse error: illegal character U+002E '.' in escape sequence")]
    [InlineData("\"\\ud800\"", "1:1: parse error: escape sequence is an invalid Unicode code point")]
    [InlineData("\"a", "1:1: parse error: unterminated quoted string")]
    [InlineData("\"a\nb\"", "1:1: parse error: unterminated quoted string")]
    [InlineData("`a", "1:1: parse error: unterminated raw string")]
    public void Lexical_errors(string query, string message) => Assert.Equal(message, Error(query).Message);

    [Theory]
    [InlineData("foo{", "1:5: parse error: unexpected end of input inside braces")]
    [InlineData("foo}", "1:4: parse error: unexpected character: '}'")]
    [InlineData("foo{a*\"b\"}", "1:6: parse error: unexpected character inside braces: '*'")]
    [InlineData("foo{a}", "1:6: parse error: unexpected \"}\" in label matching, expected label matching operator")]
    [InlineData("foo{a=b}", "1:7: parse error: unexpected identifier \"b\" in label matching, expected string")]
    [InlineData("foo{,}", "1:5: parse error: unexpected \",\" in label matching, expected identifier or \"}\"")]
    [InlineData("foo{a=\"b\" c=\"d\"}", "1:11: parse error: unexpected identifier \"c\" in label matching, expected \",\" or \"}\"")]
    [InlineData("{a=~\"[\"}", "1:2: parse error: error parsing regexp: missing closing ]: `[`")]
    [InlineData("{x!=\"a\"}", "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [InlineData("{x=~\".*\"}", "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [InlineData("foo{__name__=\"bar\"}", "1:1: parse error: metric name must not be set twice: \"foo\" or \"bar\"")]
    [InlineData("sum without(==)(a)", "1:13: parse error: unexpected <op:==> in grouping opts, expected label")]
    [InlineData("sum by (a b) (c)", "1:11: parse error: unexpected identifier \"b\" in grouping opts, expected \",\" or \")\"")]
    [InlineData("sum (a) by b", "1:12: parse error: unexpected identifier \"b\" in grouping opts, expected \"(\"")]
    [InlineData("a + on(b) group_left group_right c", "1:22: parse error: unexpected <group_right> in grouping opts, expected \"(\"")]
    [InlineData("sum by (\"\") (a)", "1:9: parse error: invalid label name for grouping: \"\"")]
    [InlineData("sum by (\"\\xff\") (a)", "1:9: parse error: invalid label name for grouping: \"\\xff\"")]
    public void Selector_and_grouping_errors(string query, string message) => Assert.Equal(message, Error(query).Message);

    [Theory]
    [InlineData("foo[]", "1:5: parse error: unexpected \"]\" in subquery or range selector, expected number, duration, step(), or range()")]
    [InlineData("foo[5m 5m]", "1:8: parse error: unexpected duration \"5m\" in subquery or range, expected \":\" or \"]\"")]
    [InlineData("foo[5m:)]", "1:9: parse error: unexpected right parenthesis ')'")]
    [InlineData("foo[0m]", "1:5: parse error: duration must be greater than 0")]
    [InlineData("foo[5m:-1m]", "1:8: parse error: duration must be greater than 0")]
    [InlineData("foo[5m", "1:7: parse error: unclosed left bracket")]
    [InlineData("foo[:5m]", "1:6: parse error: unexpected colon before duration in duration expression")]
    [InlineData("foo[5m/0]", "1:7: parse error: division by zero")]
    [InlineData("foo offset", "1:11: parse error: unexpected end of input in offset, expected number, duration, step(), or range()")]
    [InlineData("foo offset bar", "1:12: parse error: unexpected identifier \"bar\" in offset, expected number, duration, step(), or range()")]
    [InlineData("foo offset 5m offset 3m", "1:1: parse error: offset may not be set multiple times")]
    [InlineData("1 offset 5m", "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery")]
    [InlineData("foo offset 5m[5m]", "1:14: parse error: no offset modifiers allowed before range")]
    [InlineData("foo @ 5[5m]", "1:8: parse error: no @ modifiers allowed before range")]
    [InlineData("sum(foo)[5m]", "1:9: parse error: ranges only allowed for vector selectors")]
    [InlineData("foo @", "1:6: parse error: unexpected end of input in @, expected timestamp")]
    [InlineData("foo @ 5 @ 6", "1:1: parse error: @ <timestamp> may not be set multiple times")]
    [InlineData("foo @ 1e30", "1:1: parse error: timestamp out of bounds for @ modifier: 1000000000000000019884624838656.000000")]
    [InlineData("foo @ -Inf", "1:1: parse error: timestamp out of bounds for @ modifier: -Inf")]
    [InlineData("foo anchored smoothed", "1:1: parse error: anchored and smoothed modifiers cannot be used together")]
    [InlineData("foo[5m:] anchored", "1:1: parse error: anchored modifier is not supported for subqueries")]
    public void Time_modifier_errors(string query, string message) => Assert.Equal(message, Error(query).Message);

    [Theory]
    [InlineData("1 == 1", "1:3: parse error: comparisons between scalars must use BOOL modifier")]
    [InlineData("foo + bool bar", "1:5: parse error: bool modifier can only be used on comparison operators")]
    [InlineData("1 and 1", "1:1: parse error: set operator \"and\" not allowed in binary scalar expression")]
    [InlineData("foo == on(bar) 10", "1:1: parse error: vector matching only allowed between instant vectors")]
    [InlineData("foo and on(bar) group_left(baz) bar", "1:1: parse error: no grouping allowed for \"and\" operation")]
    [InlineData("foo + on(a) group_left(a) bar", "1:5: parse error: label \"a\" must not occur in ON and GROUP clause at once")]
    [InlineData("foo and fill(0) bar", "1:1: parse error: filling in missing series not allowed for set operators")]
    [InlineData("foo[5m] + 1", "1:1: parse error: binary expression must contain only scalar and instant vector types")]
    [InlineData("-\"a\"", "1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"string\"")]
    [InlineData("foo[5m:1m][10m:2m]", "1:1: parse error: subquery is only allowed on instant vector, got matrix instead")]
    [InlineData("rate(foo)", "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector")]
    [InlineData("rate()", "1:1: parse error: expected 1 argument(s) in call to \"rate\", got 0")]
    [InlineData("round(foo, 1, 2)", "1:1: parse error: expected at most 2 argument(s) in call to \"round\", got 3")]
    [InlineData("label_join(foo)", "1:1: parse error: expected at least 3 argument(s) in call to \"label_join\", got 1")]
    [InlineData("nope(foo)", "1:1: parse error: unknown function with name \"nope\"")]
    [InlineData("sum()", "1:1: parse error: no arguments for aggregate expression provided")]
    [InlineData("topk(a)", "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1")]
    [InlineData("topk(a, b)", "1:6: parse error: expected type scalar in aggregation parameter, got instant vector")]
    [InlineData("count_values(5, a)", "1:14: parse error: expected type string in aggregation parameter, got scalar")]
    [InlineData("info(foo, bar)", "1:11: parse error: expected label selectors only, got vector selector instead")]
    public void Type_errors(string query, string message) => Assert.Equal(message, Error(query).Message);

    [Theory]
    [InlineData("mad_over_time(foo[5m])", "1:1: parse error: function \"mad_over_time\" is not enabled")]
    [InlineData("start()", "1:1: parse error: function \"start\" is not enabled")]
    [InlineData("limitk(2, foo)", "1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions")]
    [InlineData("foo[5m] anchored", "1:1: parse error: anchored modifier is experimental and not enabled")]
    [InlineData("foo smoothed", "1:1: parse error: smoothed modifier is experimental and not enabled")]
    [InlineData("foo + fill(0) bar", "1:1: parse error: binop fill modifiers are experimental and not enabled")]
    public void What_the_server_has_off_by_default(string query, string message)
    {
        var exception = Assert.Throws<PromQlParseException>(() => PromQlParser.ParseExpression(query, ParserOptions.Default));
        Assert.Equal(message, exception.Message);
        PromQlParser.ParseExpression(query, ParserOptions.Everything);
    }

    [Fact]
    public void All_errors_are_reported_with_their_ranges()
    {
        PromQlParseException error = Error("foo and on(bar) group_left(baz) bar");
        Assert.Equal(
            [
                new PromQlParseError(new PositionRange(0, 35), "no grouping allowed for \"and\" operation"),
                new PromQlParseError(new PositionRange(0, 35), "set operations must always be many-to-many"),
            ],
            error.Errors);
        Assert.Equal("foo and on(bar) group_left(baz) bar", error.Query);
    }

    [Fact]
    public void A_lexical_error_behind_a_syntax_error_is_reported_too()
    {
        PromQlParseException error = Error("my_metric{a=\"b\"} -3 3+3x4-4");
        Assert.Equal(
            [
                new PromQlParseError(new PositionRange(20, 21), "unexpected number \"3\""),
                new PromQlParseError(new PositionRange(22, 27), "bad number or duration syntax: \"3\""),
            ],
            error.Errors);
    }

    [Fact]
    public void Columns_count_bytes_and_lines_count_from_one() =>
        Assert.Equal("2:12: parse error: unexpected character: '}'", Error("foo +\n\"日本\" + }").Message);

    private static PromQlParseException Error(string query) =>
        Assert.Throws<PromQlParseException>(() => PromQlParser.ParseExpression(query, ParserOptions.Everything));
}
