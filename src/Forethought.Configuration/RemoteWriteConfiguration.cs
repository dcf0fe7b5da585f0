using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration;

/// <summary>One item of <c>remote_write</c>.</summary>
public sealed record RemoteWriteConfiguration
{
    /// <summary>The message of remote write 1.0.</summary>
    public const string MessageV1 = "prometheus.WriteRequest";

    /// <summary>The message of remote write 2.0.</summary>
    public const string MessageV2 = "io.prometheus.write.v2.Request";

    internal static RemoteWriteConfiguration Default { get; } = new()
    {
        RemoteTimeout = TimeSpan.FromSeconds(30),
        ProtobufMessage = MessageV1,
        Http = HttpClientSettings.Default with { EnableHttp2 = false },
    };

    /// <summary>The endpoint; set after loading.</summary>
    public ConfiguredUrl? Url { get; init; }

    /// <summary>How long a request may take.</summary>
    public TimeSpan RemoteTimeout { get; init; }

    /// <summary>Headers sent along.</summary>
    public ValueMap<string> Headers { get; init; } = ValueMap<string>.Empty;

    /// <summary>Relabelling before sending.</summary>
    public ValueList<RelabelRule> WriteRelabelRules { get; init; } = [];

    /// <summary>The name in metrics and logs; empty for one made from the configuration.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether exemplars are sent.</summary>
    public bool SendExemplars { get; init; }

    /// <summary>Whether native histograms are sent.</summary>
    public bool SendNativeHistograms { get; init; }

    /// <summary>Whether connections go round the addresses of the host.</summary>
    public bool RoundRobinDns { get; init; }

    /// <summary><see cref="MessageV1"/> or <see cref="MessageV2"/>.</summary>
    public string ProtobufMessage { get; init; } = "";

    /// <summary>Whether failed requests are logged at debug level.</summary>
    public bool FailedRequestLogging { get; init; }

    /// <summary>The HTTP client; HTTP/2 is off unless asked for.</summary>
    public HttpClientSettings Http { get; init; } = HttpClientSettings.Zero;

    /// <summary>The queue.</summary>
    public QueueConfiguration Queue { get; init; } = QueueConfiguration.Default;

    /// <summary>Sending of metadata (version 1 only).</summary>
    public RemoteMetadataConfiguration Metadata { get; init; } = RemoteMetadataConfiguration.Default;

    /// <summary>AWS signatures, or <see langword="null"/>.</summary>
    public SigV4Configuration? SigV4 { get; init; }

    /// <summary>Azure AD, or <see langword="null"/>.</summary>
    public AzureAdConfiguration? AzureAd { get; init; }

    /// <summary>Google's IAM, or <see langword="null"/>.</summary>
    public GoogleIamConfiguration? GoogleIam { get; init; }
}
