using System.Globalization;
using Forethought.Tsdb;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The routes <c>/api/v1/status/tsdb</c> and <c>/api/v1/status/tsdb/blocks</c>.</summary>
/// <param name="store">The local store; null while it is not open.</param>
public sealed class StorageStatusApi(Func<TsdbStore?> store)
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 10_000;

    /// <summary>Answers with what the head holds and where its series come from.</summary>
    public async Task HeadAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        int limit = ReadLimit(parameters.Text("limit"));
        HeadStatistics statistics = Open().GetStatistics();
        HeadCardinality cardinality = Open().GetCardinality(limit);
        using JsonOutput output = ApiAnswer.Begin(context);
        WriteHead(output, statistics);
        WriteCounts(output, "seriesCountByMetricName", cardinality.SeriesByValue);
        WriteCounts(output, "labelValueCountByLabelName", cardinality.ValuesByName);
        WriteCounts(output, "memoryInBytesByLabelName", cardinality.BytesByName);
        WriteCounts(output, "seriesCountByLabelValuePair", cardinality.SeriesByPair);
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Answers with the descriptions of all blocks.</summary>
    public async Task BlocksAsync(HttpContext context)
    {
        bool isFirst = true;
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw("{\"blocks\":["u8);
        foreach (Tsdb.Blocks.BlockMeta block in Open().GetBlocks())
        {
            if (!isFirst)
                output.Raw(',');
            isFirst = false;
            output.Raw(block.ToJson());
            await output.FlushIfFullAsync(context.RequestAborted).ConfigureAwait(false);
        }

        output.Raw("]}"u8);
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    private static int ReadLimit(string text)
    {
        if (text.Length == 0)
            return DefaultLimit;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit) || limit < 1)
            throw new ApiException("limit must be a positive number");
        return limit <= MaxLimit ? (int)limit : throw new ApiException($"limit must not exceed {MaxLimit}");
    }

    private static void WriteHead(JsonOutput output, HeadStatistics statistics)
    {
        output.Raw("{\"headStats\":{\"numSeries\":"u8);
        output.Number((long)statistics.Series);
        output.Raw(",\"numLabelPairs\":"u8);
        output.Number((long)statistics.LabelPairs);
        output.Raw(",\"chunkCount\":"u8);
        output.Number(statistics.Chunks);
        output.Raw(",\"minTime\":"u8);
        output.Number(statistics.MinTimeMs);
        output.Raw(",\"maxTime\":"u8);
        output.Number(statistics.MaxTimeMs);
        output.Raw('}');
    }

    private static void WriteCounts(JsonOutput output, string key, IReadOnlyList<NamedCount> counts)
    {
        output.Raw(',');
        output.Text(key);
        output.Raw(":["u8);
        for (int i = 0; i < counts.Count; i++)
        {
            output.Raw(i > 0 ? ",{\"name\":"u8 : "{\"name\":"u8);
            output.Text(counts[i].Name);
            output.Raw(",\"value\":"u8);
            output.Number(counts[i].Count);
            output.Raw('}');
        }

        output.Raw(']');
    }

    private TsdbStore Open() => store() ?? throw new ApiException(ApiErrorType.Internal, "TSDB not ready");
}
