using Forethought.Model;
using Forethought.PromQL.Syntax;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>What queries mean, node by node.</summary>
public sealed class ParseTests
{
    [Theory]
    [InlineData("1 + 2 * 3 ^ 4", "(1 + (2 * (3 ^ 4)))")]
    [InlineData("a ^ b ^ c", "(a ^ (b ^ c))")]
    [InlineData("a - b - c", "((a - b) - c)")]
    [InlineData("a / b * c % d atan2 e", "((((a / b) * c) % d) atan2 e)")]
    [InlineData("-a ^ b", "-(a ^ b)")]
    [InlineData("-a * b", "(-a * b)")]
    [InlineData("a ^ -b * c", "((a ^ -b) * c)")]
    [InlineData("a or b and c unless d", "(a or ((b and c) unless d))")]
    [InlineData("a and b or c", "((a and b) or c)")]
    [InlineData("a == b + c", "(a == (b + c))")]
    [InlineData("a > b < c", "((a > b) < c)")]
    [InlineData("a unless b == c", "(a unless (b == c))")]
    [InlineData("a </ 5 + b", "(a </ (5 + b))")]
    [InlineData("a offset 5m + b", "(a offset 5m + b)")]
    [InlineData("-a offset 5m", "-a offset 5m")]
    public void Operators_bind_as_in_Prometheus(string query, string grouped) =>
        Assert.Equal(grouped, Grouped(Parse(query)));

    [Theory]
    [InlineData("5m", 300, true)]
    [InlineData("1h30m", 5400, true)]
    [InlineData("15ms", 0.015, true)]
    [InlineData("0x1F", 31, false)]
    [InlineData("017", 15, false)]
    [InlineData("08", 8, false)]
    [InlineData("1_000.5", 1000.5, false)]
    [InlineData("9223372036854775808", 9223372036854775808d, false)]
    [InlineData(".5e-3", 0.0005, false)]
    [InlineData("-1", -1, false)]
    [InlineData("- -1", 1, false)]
    [InlineData("-5m", -300, true)]
    [InlineData("+Inf", double.PositiveInfinity, false)]
    [InlineData("NaN", double.NaN, false)]
    public void Numbers(string query, double value, bool isDuration)
    {
        var number = Assert.IsType<NumberLiteral>(Parse(query));
        Assert.Equal(value, number.Value);
        Assert.Equal(isDuration, number.IsDuration);
        Assert.Equal(new PositionRange(0, query.Length), number.PositionRange);
    }

    [Theory]
    [InlineData("\"a\\tb\"", "a\tb")]
    [InlineData("'it\\'s'", "it's")]
    [InlineData("`a\\tb`", "a\\tb")]
    [InlineData("\"\\x41\\101\\u70ac\\U0001F600\"", "AA炬\U0001F600")]
    [InlineData("\"\\xe7\\x82\\xac\"", "炬")]
    public void Strings(string query, string value)
    {
        var text = Assert.IsType<StringLiteral>(Parse(query));
        Assert.Equal(value, text.Value);
    }

    [Fact]
    public void A_byte_that_is_no_utf8_survives_printing()
    {
        var text = Assert.IsType<StringLiteral>(Parse("'a\\xff'"));
        Assert.Equal("a\uDCFF", text.Value);
        Assert.Equal("\"a\\xff\"", text.ToString());
    }

    [Fact]
    public void A_selector_has_its_name_as_last_matcher()
    {
        var selector = Assert.IsType<VectorSelector>(Parse("foo{a=\"b\", c!~'d|e'} @ 1.5 offset -5m"));
        Assert.Equal("foo", selector.Name);
        Assert.Equal(
            [
                new Matcher(MatchType.Equal, "a", "b"),
                new Matcher(MatchType.RegexNotMatch, "c", "d|e"),
                new Matcher(MatchType.Equal, "__name__", "foo"),
            ],
            selector.Matchers);
        Assert.Equal(1500, selector.TimestampMs);
        Assert.Equal(TimeSpan.FromMinutes(-5), selector.OriginalOffset);
        Assert.Equal(new PositionRange(0, 37), selector.PositionRange);
    }

    [Fact]
    public void A_quoted_metric_name_is_a_matcher()
    {
        var selector = Assert.IsType<VectorSelector>(Parse("{\"my.metric\", \"a.b\"=\"c\"}"));
        Assert.Equal("", selector.Name);
        Assert.Equal(
            [new Matcher(MatchType.Equal, "__name__", "my.metric"), new Matcher(MatchType.Equal, "a.b", "c")], selector.Matchers);
        Assert.Equal("{\"a.b\"=\"c\",__name__=\"my.metric\"}", selector.ToString());
    }

    [Theory]
    [InlineData("sum")]
    [InlineData("offset")]
    [InlineData("by")]
    [InlineData("and")]
    [InlineData("start")]
    [InlineData("step")]
    [InlineData("max_of")]
    [InlineData("anchored")]
    [InlineData("fill")]
    [InlineData("group")]
    [InlineData("Sum")]
    public void Keywords_are_metric_and_label_names_where_nothing_else_fits(string word)
    {
        Assert.Equal(word, Assert.IsType<VectorSelector>(Parse(word)).Name);
        Assert.Equal($"{word} + {word}", Parse($"{word} + {word}").ToString());
        Assert.Equal([word], Assert.IsType<AggregateExpr>(Parse($"sum by ({word}) (a)")).Grouping);
        Assert.Equal(word, Assert.IsType<VectorSelector>(Parse($"a{{{word}=\"b\"}}")).Matchers[0].Name);
    }

    [Fact]
    public void Range_modifiers_belong_to_the_selector_inside()
    {
        var matrix = Assert.IsType<MatrixSelector>(Parse("foo[5m] anchored @ end() offset 1h"));
        Assert.Equal(TimeSpan.FromMinutes(5), matrix.Range);
        Assert.Equal(TimeSpan.FromHours(1), matrix.VectorSelector.OriginalOffset);
        Assert.Equal(AtModifier.End, matrix.VectorSelector.StartOrEnd);
        Assert.True(matrix.VectorSelector.Anchored);
        Assert.Equal(new PositionRange(0, 34), matrix.PositionRange);
        Assert.Equal(new PositionRange(0, 3), matrix.VectorSelector.PositionRange);
    }

    [Fact]
    public void A_subquery_has_its_own_times()
    {
        var subquery = Assert.IsType<SubqueryExpr>(Parse("rate(foo[5m])[1h:30s] @ start() offset 2m"));
        Assert.Equal(TimeSpan.FromHours(1), subquery.Range);
        Assert.Equal(TimeSpan.FromSeconds(30), subquery.Step);
        Assert.Equal(AtModifier.Start, subquery.StartOrEnd);
        Assert.Equal(TimeSpan.FromMinutes(2), subquery.OriginalOffset);
        Assert.Equal(TimeSpan.Zero, Assert.IsType<SubqueryExpr>(Parse("foo[1h:]")).Step);
    }

    [Theory]
    [InlineData("foo[1m + 2m * 3]", "foo[1m + 2m * 3]")]
    [InlineData("foo[(1m + 2m) * 3]", "foo[(1m + 2m) * 3]")]
    [InlineData("foo[-(step())^2]", "foo[-(step()) ^ 2]")]
    [InlineData("foo[max_of(step(), 5s):MIN_OF(1m, range())]", "foo[max_of(step(), 5s):min_of(1m, range())]")]
    [InlineData("foo offset -(5m * 2)", "foo offset -(5m * 2)")]
    [InlineData("foo offset (5m) * 2", "foo offset (5m) * 2")]
    [InlineData("foo[(5m)]", "foo[(5m)]")]
    public void Duration_expressions_print_as_written(string query, string printed) => Assert.Equal(printed, Parse(query).ToString());

    [Fact]
    public void An_operator_behind_a_plain_offset_is_not_part_of_it()
    {
        var binary = Assert.IsType<BinaryExpr>(Parse("foo offset 5m * 2"));
        Assert.Equal(TimeSpan.FromMinutes(5), Assert.IsType<VectorSelector>(binary.Left).OriginalOffset);
        var offset = Assert.IsType<VectorSelector>(Parse("foo offset (5m) * 2")).OriginalOffsetExpr;
        Assert.Equal(DurationOperator.Mul, offset?.Op);
    }

    [Fact]
    public void Matching_is_kept_only_between_vectors()
    {
        VectorMatching matching = Assert.IsType<BinaryExpr>(Parse("a * on (x) group_left (y, z) b")).Matching!;
        Assert.Equal(VectorMatchCardinality.ManyToOne, matching.Cardinality);
        Assert.True(matching.On);
        Assert.Equal(["x"], matching.MatchingLabels);
        Assert.Equal(["y", "z"], matching.Include);
        Assert.Equal(VectorMatchCardinality.ManyToMany, Assert.IsType<BinaryExpr>(Parse("a or b")).Matching!.Cardinality);
        Assert.Null(Assert.IsType<BinaryExpr>(Parse("a * 2")).Matching);
    }

    [Fact]
    public void Fill_values()
    {
        VectorMatching matching = Assert.IsType<BinaryExpr>(Parse("a + on (x) fill_right(-2) fill_left(1m) b")).Matching!;
        Assert.Equal(60, matching.FillLeft);
        Assert.Equal(-2, matching.FillRight);
        Assert.Equal("a + fill (0) b", Parse("a + fill(0) b").ToString());
    }

    [Theory]
    [InlineData("sum(a)", "sum(a)", "")]
    [InlineData("sum by () (a)", "sum(a)", "")]
    [InlineData("sum(a) by (x, \"y.z\",)", "sum by (x, \"y.z\") (a)", "x,y.z")]
    [InlineData("SUM WITHOUT () (a)", "sum without () (a)", "")]
    public void Aggregations(string query, string printed, string grouping)
    {
        var aggregate = Assert.IsType<AggregateExpr>(Parse(query));
        Assert.Equal(printed, aggregate.ToString());
        Assert.Equal(grouping, string.Join(',', aggregate.Grouping));
        Assert.Null(aggregate.Parameter);
        Assert.Equal(new PositionRange(0, query.Length), aggregate.PositionRange);
    }

    [Theory]
    [InlineData("1", ExprType.Scalar)]
    [InlineData("'a'", ExprType.String)]
    [InlineData("(a)", ExprType.Vector)]
    [InlineData("a[1m]", ExprType.Matrix)]
    [InlineData("a[1m:]", ExprType.Matrix)]
    [InlineData("1 + time()", ExprType.Scalar)]
    [InlineData("1 + a", ExprType.Vector)]
    [InlineData("-scalar(a)", ExprType.Scalar)]
    public void Types(string query, ExprType type) => Assert.Equal(type, Parse(query).Type);

    [Fact]
    public void A_long_expression_is_split_over_lines()
    {
        const string Query = "histogram_quantile(0.9, sum by (le, job) (rate(http_request_duration_seconds_bucket{code=~\"2..\", job=\"api\"}[5m]))) > 0.5";
        const string Expected = """
              histogram_quantile(
                0.9,
                sum by (le, job) (rate(http_request_duration_seconds_bucket{code=~"2..",job="api"}[5m]))
              )
            >
              0.5
            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), Parse(Query).Pretty());
    }

    [Fact]
    public void Every_function_is_known_by_its_name()
    {
        Assert.Equal(90, FunctionSignatures.ByName.Count);
        Assert.All(FunctionSignatures.ByName, pair => Assert.Equal(pair.Key, pair.Value.Name));
    }

    [Fact]
    public void Selectors_of_parameters_take_no_modifiers()
    {
        Assert.Equal(
            [new Matcher(MatchType.Equal, "a", "b"), new Matcher(MatchType.Equal, "__name__", "up")],
            PromQlParser.ParseSelector("up{a=\"b\"}"));
        Assert.Empty(PromQlParser.ParseSelector("{}"));
        var exception = Assert.Throws<PromQlParseException>(() => PromQlParser.ParseSelector("up[5m]"));
        Assert.Equal("1:3: parse error: unexpected \"[\"", exception.Message);
    }

    private static Expr Parse(string query) => PromQlParser.ParseExpression(query, ParserOptions.Everything);

    private static string Grouped(Expr expr) => expr switch
    {
        BinaryExpr binary => $"({Grouped(binary.Left)} {binary.Op.Symbol()} {Grouped(binary.Right)})",
        UnaryExpr unary => $"{(unary.Negate ? "-" : "+")}{Grouped(unary.Expr)}",
        _ => expr.ToString(),
    };
}
