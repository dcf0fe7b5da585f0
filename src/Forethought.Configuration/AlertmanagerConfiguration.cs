using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration;

/// <summary>One item of <c>alerting.alertmanagers</c>.</summary>
public sealed record AlertmanagerConfiguration
{
    internal static AlertmanagerConfiguration Zero { get; } = new() { Http = HttpClientSettings.Zero };

    internal static AlertmanagerConfiguration Default { get; } =
        new() { Scheme = "http", Timeout = TimeSpan.FromSeconds(10), ApiVersion = "v2" };

    /// <summary>The discovery sections.</summary>
    public ValueList<DiscoveryConfiguration> Discovery { get; init; } = [];

    /// <summary>The HTTP client.</summary>
    public HttpClientSettings Http { get; init; } = HttpClientSettings.Default;

    /// <summary>AWS signatures, or <see langword="null"/>.</summary>
    public SigV4Configuration? SigV4 { get; init; }

    /// <summary>The scheme of requests.</summary>
    public string Scheme { get; init; } = "";

    /// <summary>The path before <c>/api/v2/alerts</c>.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>How long sending may take.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Always <c>v2</c>.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>Relabelling of the Alertmanagers found.</summary>
    public ValueList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>Relabelling of alerts for this group.</summary>
    public ValueList<RelabelRule> AlertRelabelRules { get; init; } = [];

    internal AlertmanagerConfiguration WithDirectory(string directory) => this with
    {
        Discovery = Discovery.Select(section => section.WithDirectory(directory)).ToValueList(),
        Http = Http.WithDirectory(directory),
    };
}
