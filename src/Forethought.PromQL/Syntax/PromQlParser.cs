using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>Parses PromQL. Thread-safe: nothing is kept between calls.</summary>
public static class PromQlParser
{
    /// <summary>Parses and checks an expression.</summary>
    /// <exception cref="PromQlParseException">The query has syntax or type errors, or is nested too deeply.</exception>
    public static Expr ParseExpression(string query, ParserOptions options)
    {
        var tokens = new TokenStream(System.Text.Encoding.UTF8.GetBytes(query), seriesNotation: false);
        if (tokens.Peek() == TokenKind.EndOfInput)
        {
            tokens.AddError(default, "no expression found in input");
            throw new PromQlParseException(query, tokens.Errors);
        }

        Expr? expr = Complete(tokens, new ExpressionParser(tokens, options).Parse());
        if (expr is not null && tokens.Errors.Count == 0)
        {
            new TypeChecker(tokens).Check(expr);
        }

        return Result(query, tokens, expr);
    }

    /// <summary>
    /// Parses a series selector without modifiers, as in <c>match[]</c> parameters. A selector that matches everything is accepted.
    /// </summary>
    /// <exception cref="PromQlParseException">The text is no selector.</exception>
    public static IReadOnlyList<Matcher> ParseSelector(string selector)
    {
        var tokens = new TokenStream(System.Text.Encoding.UTF8.GetBytes(selector), seriesNotation: false);
        return Result(selector, tokens, Complete(tokens, new SelectorParser(tokens).Parse())).Matchers;
    }

    /// <summary>Parses the labels of one series: <c>up{job="a"}</c>.</summary>
    /// <exception cref="PromQlParseException">The text does not name a series.</exception>
    public static Labels ParseMetric(string metric)
    {
        var tokens = new TokenStream(System.Text.Encoding.UTF8.GetBytes(metric), seriesNotation: false);
        SeriesDescription? series = MetricParser.Parse(tokens) is { } labels ? new SeriesDescription(labels, []) : null;
        return Result(metric, tokens, Complete(tokens, series)).Labels;
    }

    /// <summary>
    /// Parses series notation, as in rule tests: a series and its values, <c>up{job="a"} 1+1x3 _ stale {{schema:0 buckets:[1]}}</c>.
    /// </summary>
    /// <exception cref="PromQlParseException">The text is no series description.</exception>
    public static SeriesDescription ParseSeriesDescription(string description)
    {
        var tokens = new TokenStream(System.Text.Encoding.UTF8.GetBytes(description), seriesNotation: true);
        return Result(description, tokens, Complete(tokens, new SeriesParser(tokens).Parse()));
    }

    /// <summary>Reports what is left of the input behind a construct, or the construct itself if it failed.</summary>
    private static T? Complete<T>(TokenStream tokens, T? construct)
        where T : class
    {
        if (construct is null)
        {
            tokens.Fail();
        }
        else
        {
            tokens.Finish();
        }

        return construct;
    }

    private static T Result<T>(string query, TokenStream tokens, T? construct)
        where T : class =>
        construct is null || tokens.Errors.Count > 0 ? throw new PromQlParseException(query, tokens.Errors) : construct;
}
