using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using Microsoft.AspNetCore.Http;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.Web;

/// <summary>The routes <c>/api/v1/labels</c>, <c>/api/v1/label/&lt;name&gt;/values</c> and <c>/api/v1/series</c>.</summary>
public sealed class LabelsApi(IQueryable storage)
{
    private const string Truncated = "results truncated due to limit";

    /// <summary>Answers with label names.</summary>
    public Task NamesAsync(HttpContext context) => ListAsync(context, (querier, matchers, limit) =>
        querier.LabelNamesAsync(matchers, limit, context.RequestAborted));

    /// <summary>Answers with the values of a label.</summary>
    /// <param name="context">The request.</param>
    /// <param name="escapedName">The name as the path has it: percent escapes, or the escaping <c>U__</c>.</param>
    public Task ValuesAsync(HttpContext context, string escapedName)
    {
        byte[] utf8 = new byte[escapedName.Length];
        UrlForm.TryDecode(escapedName, plusIsSpace: false, utf8, out int length);
        string name = System.Text.Encoding.UTF8.GetString(utf8, 0, length);
        if (!MetricNames.IsUtf8Name(utf8.AsSpan(0, length)))
            throw new ApiException($"invalid label name: {GoQuote.Quote(utf8.AsSpan(0, length))}");
        name = NameEscaping.Unescape(name);
        if (name.Length == 0)
            throw new ApiException("invalid label name: \"\"");
        return ListAsync(context, (querier, matchers, limit) => querier.LabelValuesAsync(name, matchers, limit, context.RequestAborted));
    }

    /// <summary>Answers with the label sets of series.</summary>
    public async Task SeriesAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        parameters.ThrowIfBroken();
        if (parameters.Texts("match[]").Count == 0)
            throw new ApiException("no match[] parameter provided");
        int limit = parameters.Limit();
        long startMs = parameters.Time("start", ApiTime.Min).StorageMs;
        long endMs = parameters.Time("end", ApiTime.Max).StorageMs;
        IReadOnlyList<IReadOnlyList<Matcher>> selectors = parameters.Selectors(namesParameter: true);
        var hints = new SelectHints
        {
            StartMs = startMs,
            EndMs = endMs,
            Function = "series",
            SortSeries = selectors.Count > 1,
            Limit = limit > 0 ? limit + 1 : 0,
            LabelsOnly = true,
        };
        using IQuerier querier = storage.OpenQuerier(startMs, endMs);
        using var series = new MergedLabels();
        foreach (IReadOnlyList<Matcher> matchers in selectors)
            series.Add(await querier.SelectAsync(hints, matchers, context.RequestAborted).ConfigureAwait(false));

        using JsonOutput output = ApiAnswer.Begin(context);
        int count = 0;
        output.Raw('[');
        while ((limit == 0 || count < limit) && series.MoveNext())
        {
            if (count++ > 0)
                output.Raw(',');
            QueryResultWriter.WriteLabels(output, series.PackedLabels);
            await output.FlushIfFullAsync(context.RequestAborted).ConfigureAwait(false);
        }

        output.Raw(']');
        string[] limited = limit > 0 && count == limit && series.MoveNext() ? [Truncated] : [];
        IReadOnlyList<string> warnings = [.. series.Warnings, .. limited];
        await ApiAnswer.EndAsync(context, output, warnings).ConfigureAwait(false);
    }

    private async Task ListAsync(
        HttpContext context, Func<IQuerier, IReadOnlyList<Matcher>, int, ValueTask<LabelQueryResult>> query)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        int limit = parameters.Limit();
        long startMs = parameters.Time("start", ApiTime.Min).StorageMs;
        long endMs = parameters.Time("end", ApiTime.Max).StorageMs;
        IReadOnlyList<IReadOnlyList<Matcher>> selectors = parameters.Selectors();
        if (selectors.Count == 0)
            selectors = [[]];
        using IQuerier querier = storage.OpenQuerier(startMs, endMs);
        var texts = new SortedSet<string>(Utf8Comparer.Instance);
        var warnings = new List<string>();
        foreach (IReadOnlyList<Matcher> matchers in selectors)
        {
            LabelQueryResult result = await query(querier, matchers, limit > 0 ? limit + 1 : 0).ConfigureAwait(false);
            texts.UnionWith(result.Texts);
            warnings.AddRange(result.Warnings.Except(warnings));
        }

        if (limit > 0 && texts.Count > limit)
            warnings.Add(Truncated);
        using JsonOutput output = ApiAnswer.Begin(context);
        int count = 0;
        output.Raw('[');
        foreach (string text in texts)
        {
            if (limit > 0 && count == limit)
                break;
            if (count++ > 0)
                output.Raw(',');
            output.Text(text);
            await output.FlushIfFullAsync(context.RequestAborted).ConfigureAwait(false);
        }

        output.Raw(']');
        await ApiAnswer.EndAsync(context, output, warnings).ConfigureAwait(false);
    }
}
