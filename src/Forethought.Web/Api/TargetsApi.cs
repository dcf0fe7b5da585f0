using System.Globalization;
using Forethought.Configuration;
using Forethought.Model;
using Forethought.Scrape;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The routes <c>/api/v1/targets</c>, <c>/api/v1/scrape_pools</c> and <c>/api/v1/scrape_pools/config</c>.</summary>
/// <param name="targets">Whose targets are shown.</param>
/// <param name="externalUrl">The URL under which the server is reached, which names this host in <c>globalUrl</c>.</param>
/// <param name="listenPort">The port that the server listens on.</param>
public sealed class TargetsApi(ScrapeManager targets, Uri externalUrl, int listenPort)
{
    /// <summary>Answers with active and dropped targets.</summary>
    public async Task TargetsAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        string pool = parameters.Text("scrapePool");
        string state = parameters.Text("state").ToUpperInvariant();
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw("{\"activeTargets\":["u8);
        if (state is "" or "ANY" or "ACTIVE")
            await WriteActiveAsync(context, output, pool).ConfigureAwait(false);
        output.Raw("],\"droppedTargets\":["u8);
        bool showDropped = state is "" or "ANY" or "DROPPED";
        if (showDropped)
            await WriteDroppedAsync(context, output, pool).ConfigureAwait(false);
        output.Raw("],\"droppedTargetCounts\":"u8);
        if (showDropped)
            WriteCounts(output);
        else
            output.Raw("null"u8);
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Answers with the names of the scrape pools.</summary>
    public async Task PoolsAsync(HttpContext context)
    {
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw("{\"scrapePools\":"u8);
        output.Texts(targets.ScrapePools);
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    /// <summary>Answers with the effective configuration of one pool as YAML.</summary>
    public async Task PoolConfigurationAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        string pool = parameters.Text("scrapePool");
        if (pool.Length == 0)
            throw new ApiException("no scrapePool parameter provided");
        string yaml;
        try
        {
            yaml = ConfigurationWriter.Write(targets.PoolConfiguration(pool));
        }
        catch (KeyNotFoundException exception)
        {
            throw new ApiException($"error retrieving scrape config: {exception.Message}", exception);
        }

        using JsonOutput output = ApiAnswer.Begin(context);
        WriteText(output, "{\"yaml\":"u8, yaml);
        output.Raw('}');
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }

    private async ValueTask WriteActiveAsync(HttpContext context, JsonOutput output, string pool)
    {
        bool first = true;
        foreach (TargetState target in targets.ActiveTargets)
        {
            if (pool.Length > 0 && target.ScrapePool != pool)
                continue;
            if (!first)
                output.Raw(',');
            first = false;
            Write(output, target);
            await output.FlushIfFullAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private void Write(JsonOutput output, TargetState target)
    {
        output.Raw("{\"discoveredLabels\":"u8);
        QueryResultWriter.WriteLabels(output, target.DiscoveredLabels.Packed);
        output.Raw(",\"labels\":"u8);
        QueryResultWriter.WriteLabels(output, target.Labels.Packed);
        WriteText(output, ",\"scrapePool\":"u8, target.ScrapePool);
        WriteText(output, ",\"scrapeUrl\":"u8, target.ScrapeUrl);
        WriteText(output, ",\"globalUrl\":"u8, GlobalUrl(target.ScrapeUrl));
        WriteText(output, ",\"lastError\":"u8, target.LastError);
        WriteText(output, ",\"lastScrape\":"u8, Rfc3339.Format(target.LastScrape));
        output.Raw(",\"lastScrapeDuration\":"u8);
        output.Number(target.LastScrapeDuration.TotalSeconds);
        WriteText(output, ",\"health\":"u8, target.Health);
        WriteText(output, ",\"scrapeInterval\":"u8, target.ScrapeInterval);
        WriteText(output, ",\"scrapeTimeout\":"u8, target.ScrapeTimeout);
        output.Raw('}');
    }

    private async ValueTask WriteDroppedAsync(HttpContext context, JsonOutput output, string pool)
    {
        bool first = true;
        foreach ((string scrapePool, Labels discovered) in targets.DroppedTargets)
        {
            if (pool.Length > 0 && scrapePool != pool)
                continue;
            output.Raw(first ? "{\"discoveredLabels\":"u8 : ",{\"discoveredLabels\":"u8);
            first = false;
            QueryResultWriter.WriteLabels(output, discovered.Packed);
            WriteText(output, ",\"scrapePool\":"u8, scrapePool);
            output.Raw('}');
            await output.FlushIfFullAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private void WriteCounts(JsonOutput output)
    {
        IReadOnlyList<(string ScrapePool, int Count)> counts = targets.DroppedTargetCounts;
        output.Raw('{');
        for (int i = 0; i < counts.Count; i++)
        {
            if (i > 0)
                output.Raw(',');
            output.Text(counts[i].ScrapePool);
            output.Raw(':');
            output.Number(counts[i].Count);
        }

        output.Raw('}');
    }

    private static void WriteText(JsonOutput output, ReadOnlySpan<byte> key, string text)
    {
        output.Raw(key);
        output.Text(text);
    }

    // A target on this very host is shown under the name by which others reach the host; if it is this server itself, under the
    // server's external URL.
    private string GlobalUrl(string scrapeUrl)
    {
        if (!Uri.TryCreate(scrapeUrl, UriKind.Absolute, out Uri? url) || url.Host is not ("localhost" or "127.0.0.1" or "[::1]" or "::1"))
            return scrapeUrl;
        int hostStart = scrapeUrl.IndexOf("://", StringComparison.Ordinal) + 3;
        int hostEnd = scrapeUrl.IndexOfAny(['/', '?'], hostStart);
        string rest = hostEnd < 0 ? "" : scrapeUrl[hostEnd..];
        if (url.Port == listenPort)
            return $"{externalUrl.Scheme}://{externalUrl.Authority}{rest}";
        bool namesPort = scrapeUrl[hostStart..(hostEnd < 0 ? scrapeUrl.Length : hostEnd)].EndsWith(
            ":" + url.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string host = namesPort ? string.Create(CultureInfo.InvariantCulture, $"{externalUrl.Host}:{url.Port}") : externalUrl.Host;
        return $"{url.Scheme}://{host}{rest}";
    }
}
