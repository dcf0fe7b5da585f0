using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>One item of <c>remote_read</c>.</summary>
public sealed record RemoteReadConfiguration
{
    internal static RemoteReadConfiguration Default { get; } = new()
    {
        RemoteTimeout = TimeSpan.FromMinutes(1),
        ChunkedReadLimit = 50_000_000,
        Http = HttpClientSettings.Default,
        FilterExternalLabels = true,
    };

    /// <summary>The endpoint; set after loading.</summary>
    public ConfiguredUrl? Url { get; init; }

    /// <summary>How long a request may take.</summary>
    public TimeSpan RemoteTimeout { get; init; }

    /// <summary>The largest frame of a streamed answer, in bytes.</summary>
    public ulong ChunkedReadLimit { get; init; }

    /// <summary>Headers sent along.</summary>
    public ValueMap<string> Headers { get; init; } = ValueMap<string>.Empty;

    /// <summary>Whether ranges are asked for that local storage covers.</summary>
    public bool ReadRecent { get; init; }

    /// <summary>The name in metrics and logs; empty for one made from the configuration.</summary>
    public string Name { get; init; } = "";

    /// <summary>The HTTP client.</summary>
    public HttpClientSettings Http { get; init; } = HttpClientSettings.Zero;

    /// <summary>Equality matchers a selector must have for the endpoint to be asked.</summary>
    public ValueMap<string> RequiredMatchers { get; init; } = ValueMap<string>.Empty;

    /// <summary>Whether external labels are added as matchers.</summary>
    public bool FilterExternalLabels { get; init; }
}
