using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>Names, media types and default orders of the exposition formats.</summary>
public static class ScrapeProtocols
{
    private static readonly (string Name, ScrapeProtocol Protocol, string MediaType)[] Known =
    [
        ("OpenMetricsText0.0.1", ScrapeProtocol.OpenMetricsText001, "application/openmetrics-text;version=0.0.1"),
        ("OpenMetricsText1.0.0", ScrapeProtocol.OpenMetricsText100, "application/openmetrics-text;version=1.0.0"),
        (
            "PrometheusProto",
            ScrapeProtocol.PrometheusProto,
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"),
        ("PrometheusText0.0.4", ScrapeProtocol.PrometheusText004, "text/plain;version=0.0.4"),
        ("PrometheusText1.0.0", ScrapeProtocol.PrometheusText100, "text/plain;version=1.0.0"),
    ];

    /// <summary>The text formats, best first: what is asked for by default.</summary>
    public static ValueList<string> TextFirst { get; } =
        ["OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0", "PrometheusText0.0.4"];

    /// <summary>Protobuf, then the text formats: the default where native histograms or start timestamps are wanted.</summary>
    public static ValueList<string> ProtobufFirst { get; } =
        ["PrometheusProto", "OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0", "PrometheusText0.0.4"];

    /// <summary>The protocol with this name.</summary>
    public static bool TryParse(string name, out ScrapeProtocol protocol)
    {
        foreach ((string known, ScrapeProtocol value, _) in Known)
        {
            if (known == name)
            {
                protocol = value;
                return true;
            }
        }

        protocol = default;
        return false;
    }

    /// <summary>The name used in configuration.</summary>
    public static string Name(this ScrapeProtocol protocol) => Array.Find(Known, known => known.Protocol == protocol).Name;

    /// <summary>The media type with its parameters, as sent in the <c>Accept</c> header.</summary>
    public static string MediaType(this ScrapeProtocol protocol) => Array.Find(Known, known => known.Protocol == protocol).MediaType;

    /// <summary>The complaint about a name that is not a protocol's; <see langword="null"/> about one that is.</summary>
    internal static string? Check(string name) => TryParse(name, out _)
        ? null
        : $"unknown scrape protocol {name}, supported: [{string.Join(' ', Known.Select(static known => known.Name))}]";

    /// <summary>The complaint about a list of protocols, <see langword="null"/> when it is fine.</summary>
    internal static string? Check(ValueList<string> names)
    {
        if (names.Count == 0)
        {
            return "scrape_protocols cannot be empty";
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (seen.Contains(name))
            {
                return $"duplicated protocol in scrape_protocols, got [{string.Join(' ', names)}]";
            }

            if (Check(name) is { } problem)
            {
                return "scrape_protocols: " + problem;
            }

            seen.Add(name);
        }

        return null;
    }
}
