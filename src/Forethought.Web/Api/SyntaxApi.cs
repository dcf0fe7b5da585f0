using Forethought.PromQL.Syntax;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The routes <c>/api/v1/format_query</c> and <c>/api/v1/parse_query</c>, which look at a query's text only.</summary>
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
