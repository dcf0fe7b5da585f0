using System.Globalization;
using Forethought.Configuration;

namespace Forethought.Scrape.Transport;

/// <summary>What all requests of a job have in common.</summary>
internal sealed class RequestShape
{
    // One more than there are protocols, protobuf among them, as upstream weighs them.
    private const int FirstWeight = 6;

    public RequestShape(ScrapeConfiguration job)
    {
        Accept = AcceptHeader(job);
        AcceptEncoding = job.EnableCompression ? "gzip" : "identity";
        BodySizeLimit = job.BodySizeLimit is <= 0 or > BodyBuffer.MaxBytes ? BodyBuffer.MaxBytes : (int)job.BodySizeLimit;
    }

    public string Accept { get; }

    public string AcceptEncoding { get; }

    /// <summary>A body of so many bytes fails the scrape.</summary>
    public int BodySizeLimit { get; }

    private static string AcceptHeader(ScrapeConfiguration job)
    {
        var values = new List<string>();
        int weight = FirstWeight;
        foreach (string name in job.Protocols ?? ScrapeProtocols.TextFirst)
        {
            // Only what can be read is offered.
            if (!ScrapeProtocols.TryParse(name, out ScrapeProtocol protocol) || protocol == ScrapeProtocol.PrometheusProto)
                continue;
            bool escapes = protocol is ScrapeProtocol.PrometheusText100 or ScrapeProtocol.OpenMetricsText100;
            string escaping = escapes ? $";escaping={job.MetricNameEscaping}" : "";
            values.Add(string.Create(CultureInfo.InvariantCulture, $"{protocol.MediaType()}{escaping};q=0.{weight--}"));
        }

        values.Add(string.Create(CultureInfo.InvariantCulture, $"*/*;q=0.{weight}"));
        return string.Join(',', values);
    }
}
