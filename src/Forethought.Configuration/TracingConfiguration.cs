using Forethought.Http;

namespace Forethought.Configuration;

/// <summary><c>tracing</c>: where traces of the server itself go.</summary>
public sealed record TracingConfiguration
{
    internal static TracingConfiguration Zero { get; } = new();

    /// <summary><c>http</c> or <c>grpc</c>.</summary>
    public string ClientType { get; init; } = "";

    /// <summary>Host and port of the collector.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The share of traces taken, 0 to 1.</summary>
    public double SamplingFraction { get; init; }

    /// <summary>Whether TLS is off.</summary>
    public bool Insecure { get; init; }

    /// <summary>TLS towards the collector.</summary>
    public TlsSettings Tls { get; init; } = TlsSettings.None;

    /// <summary>Headers sent along.</summary>
    public ValueMap<string> Headers { get; init; } = ValueMap<string>.Empty;

    /// <summary><c>gzip</c> or empty.</summary>
    public string Compression { get; init; } = "";

    /// <summary>How long an export may take; zero for the exporter's 10 s.</summary>
    public TimeSpan Timeout { get; init; }
}
