using Forethought.PromQL.Syntax;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>
/// The routes <c>/api/v1/format_query</c> and <c>/api/v1/parse_query</c>, which look at a query's text only, and
/// <c>/api/v1/query_exemplars</c>, which has none to find: this version stores no exemplars.
/// </summary>
/// <param name="options">The language accepted.</param>
public sealed class SyntaxApi(ParserOptions options)
{
    /// <summary>Answers with the query over indented lines.</summary>
    public async Task FormatAsync(HttpContext context)
    {
        Expr expression = await ReadAsync(context).ConfigureAwait(false);
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Text(expression.Pretty());
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Answers with the query's syntax tree.</summary>
    public async Task ParseAsync(HttpContext context)
    {
        Expr expression = await ReadAsync(context).ConfigureAwait(false);
        using JsonOutput output = ApiAnswer.Begin(context);
        new SyntaxTreeWriter(output).Write(expression);
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Checks the parameters and answers with no exemplars, as a server whose exemplar storage is off.</summary>
    public async Task ExemplarsAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        ApiTime start = parameters.Time("start", ApiTime.Min);
        if (parameters.Time("end", ApiTime.Max).IsBefore(start))
            throw new ApiException("end timestamp must not be before start timestamp");
        Expr expression;
        try
        {
            expression = PromQlParser.ParseExpression(parameters.Text("query"), options);
        }
        catch (PromQlParseException exception)
        {
            throw new ApiException(exception.Message, exception);
        }

        if (!HasSelector(expression))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw("[]"u8);
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    private static bool HasSelector(Expr expression) => expression switch
    {
        VectorSelector or MatrixSelector => true,
        AggregateExpr aggregate => HasSelector(aggregate.Expr) || (aggregate.Parameter is { } parameter && HasSelector(parameter)),
        BinaryExpr binary => HasSelector(binary.Left) || HasSelector(binary.Right),
        Call call => call.Arguments.Any(HasSelector),
        ParenExpr paren => HasSelector(paren.Expr),
        SubqueryExpr subquery => HasSelector(subquery.Expr),
        UnaryExpr unary => HasSelector(unary.Expr),
        _ => false,
    };

    private async Task<Expr> ReadAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        try
        {
            return PromQlParser.ParseExpression(parameters.Text("query"), options);
        }
        catch (PromQlParseException exception)
        {
            throw ApiException.InvalidParameter("query", exception.Message);
        }
    }
}
