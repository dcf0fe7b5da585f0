using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>One item of <c>http_sd_configs</c>.</summary>
public sealed record HttpDiscoveryConfiguration : DiscoveryConfiguration
{
    internal static HttpDiscoveryConfiguration Default { get; } = new() { RefreshInterval = TimeSpan.FromMinutes(1) };

    /// <inheritdoc/>
    public override string Mechanism => "http";

    /// <summary>The HTTP client.</summary>
    public HttpClientSettings Http { get; init; } = HttpClientSettings.Default;

    /// <summary>How often the URL is asked.</summary>
    public TimeSpan RefreshInterval { get; init; }

    /// <summary>The URL that answers with target groups in JSON.</summary>
    public string Url { get; init; } = "";

    internal override HttpDiscoveryConfiguration WithDirectory(string directory) => this with { Http = Http.WithDirectory(directory) };
}
