using Forethought.Model;
using Forethought.PromQL.Syntax;
using Forethought.Storage;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The route <c>/api/v1/query_exemplars</c>: the exemplars of all series that a query selects.</summary>
/// <param name="storage">Where they are kept.</param>
/// <param name="options">The language accepted.</param>
public sealed class ExemplarsApi(IExemplarQueryable storage, ParserOptions options)
{
    /// <summary>Answers with exemplars by series; without a body if the query has no selector.</summary>
    public async Task QueryAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        ApiTime start = parameters.Time("start", ApiTime.Min), end = parameters.Time("end", ApiTime.Max);
        if (end.IsBefore(start))
            throw new ApiException("end timestamp must not be before start timestamp");
        List<IReadOnlyList<Matcher>> selectors = [];
        Collect(Parse(parameters.Text("query")), selectors);
        if (selectors.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        IReadOnlyList<ExemplarSeries> found = storage.SelectExemplars(start.StorageMs, end.StorageMs, selectors);
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw('[');
        for (int i = 0; i < found.Count; i++)
        {
            if (i > 0)
                output.Raw(',');
            Write(output, found[i]);
            await output.FlushIfFullAsync(context.RequestAborted).ConfigureAwait(false);
        }

        output.Raw(']');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    private Expr Parse(string query)
    {
        try
        {
            return PromQlParser.ParseExpression(query, options);
        }
        catch (PromQlParseException exception)
        {
            throw new ApiException(exception.Message, exception);
        }
    }

    // The parser bounds how deep an expression is.
    private static void Collect(Expr expression, List<IReadOnlyList<Matcher>> selectors)
    {
        switch (expression)
        {
            case VectorSelector vector:
                selectors.Add(vector.Matchers);
                break;
            case MatrixSelector matrix:
                Collect(matrix.VectorSelector, selectors);
                break;
            case AggregateExpr aggregate:
                Collect(aggregate.Expr, selectors);
                if (aggregate.Parameter is not null)
                    Collect(aggregate.Parameter, selectors);
                break;
            case BinaryExpr binary:
                Collect(binary.Left, selectors);
                Collect(binary.Right, selectors);
                break;
            case Call call:
                foreach (Expr argument in call.Arguments)
                    Collect(argument, selectors);
                break;
            case ParenExpr paren:
                Collect(paren.Expr, selectors);
                break;
            case SubqueryExpr subquery:
                Collect(subquery.Expr, selectors);
                break;
            case UnaryExpr unary:
                Collect(unary.Expr, selectors);
                break;
        }
    }

    private static void Write(JsonOutput output, ExemplarSeries series)
    {
        output.Raw("{\"seriesLabels\":"u8);
        QueryResultWriter.WriteLabels(output, series.Labels.Packed);
        output.Raw(",\"exemplars\":["u8);
        for (int i = 0; i < series.Exemplars.Count; i++)
        {
            output.Raw(i > 0 ? ",{\"labels\":"u8 : "{\"labels\":"u8);
            QueryResultWriter.WriteLabels(output, series.Exemplars[i].Labels.Packed);
            output.Raw(",\"value\":"u8);
            output.Value(series.Exemplars[i].Value);
            output.Raw(",\"timestamp\":"u8);
            output.Timestamp(series.Exemplars[i].TimeMs);
            output.Raw('}');
        }

        output.Raw("]}"u8);
    }
}
