using System.Runtime.ExceptionServices;
using System.Text;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>
/// Deep input must end in an error, never in a stack overflow, which kills the process. What is allowed must fit, through the parser, the
/// type checker and both printers, into the smallest stack a thread has by default.
/// </summary>
public sealed class DepthTests
{
    private const int StackBytes = 1024 * 1024;
    private const int Bomb = 100_000;

    public static TheoryData<string, string, string> Nestings => new()
    {
        { "(", "1", ")" },
        { "-", "a", "" },
        { "-", "1", "" },
        { "+(", "a", ")" },
        { "abs(", "a", ")" },
        { "sum(", "a", ")" },
        { "sum by (x) (", "a", ")" },
        { "topk(1, ", "a", ")" },
        { "topk(scalar(", "a", "), a)" },
        { "clamp(a, 1, scalar(", "a", "))" },
        { "1 ^ ", "1", "" },
        { "1 + (", "1", ")" },
        { "a * on (x) group_left (y) (", "a", ")" },
        { "a or ", "a", "" },
        { "", "1", " + 1" },
        { "", "a", " == a" },
        { "max_over_time(", "a", "[1m:])" },
        { "", "a", "[1m:1m]" },
        { "a[1m + (", "1m", ")]" },
        { "a[-", "1m", "]" },
        { "a[1m ^ ", "1m", "]" },
        { "a[max_of(1m, ", "1m", ")]" },
        { "a offset -(", "1m", ")" },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void A_bomb_is_rejected(string open, string inner, string close) => OnSmallStack(() =>
    {
        string query = Repeat(open, Bomb) + inner + Repeat(close, Bomb);
        var exception = Assert.Throws<PromQlParseException>(() => PromQlParser.ParseExpression(query, ParserOptions.Everything));
        Assert.NotEmpty(exception.Errors);
        Assert.True(exception.Errors.Count < 10, exception.Errors.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
    });

    [Theory]
    [InlineData("(")]
    [InlineData("sum(")]
    [InlineData("sum by (x) (1 1 ")]
    [InlineData("sum(1 1, ")]
    [InlineData("a[")]
    [InlineData("a offset x ")]
    [InlineData("{a=")]
    [InlineData("{\"a\" \"b\",")]
    [InlineData("sum by (1,")]
    [InlineData("1 + - ")]
    [InlineData("f(1,,")]
    [InlineData("a @ x (")]
    public void An_unfinished_bomb_is_rejected(string open) => OnSmallStack(() =>
    {
        string query = Repeat(open, Bomb);
        Assert.Throws<PromQlParseException>(() => PromQlParser.ParseExpression(query, ParserOptions.Everything));
    });

    [Theory]
    [InlineData("(", "a", ")", ParserOptions.MaxNesting - 1)]
    [InlineData("-", "a", "", ParserOptions.MaxNesting - 1)]
    [InlineData("abs(", "a", ")", ParserOptions.MaxNesting - 1)]
    [InlineData("sum by (x) (", "a", ")", ParserOptions.MaxNesting - 1)]
    [InlineData("topk(1, ", "a", ")", ParserOptions.MaxNesting - 1)]
    [InlineData("1 ^ ", "1", "", ParserOptions.MaxNesting - 1)]
    [InlineData("a or on (x) (", "a", ")", (ParserOptions.MaxNesting / 2) - 1)]
    [InlineData("max_over_time((", "a", ")[1m:])", (ParserOptions.MaxNesting / 3) - 1)]
    [InlineData("", "1", " + 1", ParserOptions.MaxHeight - 1)]
    [InlineData("", "a", " or a", ParserOptions.MaxHeight - 1)]
    public void What_is_allowed_fits_on_a_small_stack(string open, string inner, string close, int levels) => OnSmallStack(() =>
    {
        string query = Repeat(open, levels) + inner + Repeat(close, levels);
        Expr expr = PromQlParser.ParseExpression(query, ParserOptions.Everything);
        string text = expr.ToString();
        Assert.Equal(text, PromQlParser.ParseExpression(text, ParserOptions.Everything).ToString());
        Assert.Equal(text, PromQlParser.ParseExpression(expr.Pretty(), ParserOptions.Everything).ToString());
    });

    [Theory]
    [InlineData("(", ")", "1:501: parse error: expression is nested too deeply: more than 500 levels")]
    [InlineData("", " + a", "1:4003: parse error: expression is nested too deeply: more than 1000 levels")]
    public void The_error_names_the_limit(string open, string close, string message)
    {
        string query = Repeat(open, 1001) + "a" + Repeat(close, 1001);
        var exception = Assert.Throws<PromQlParseException>(() => PromQlParser.ParseExpression(query, ParserOptions.Default));
        Assert.Equal(message, exception.Message);
        Assert.Single(exception.Errors);
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static void OnSmallStack(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
