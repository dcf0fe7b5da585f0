using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of <c>tracing</c>.</summary>
internal static class TracingSection
{
    private static readonly YamlParsed<string> ClientType = YamlTypes.Choice(
        "config.plain", static text => $"expected tracing client type to be to be http or grpc, but got {text}", "http", "grpc");

    internal static readonly YamlOptional<TracingConfiguration> Tracing = new(new YamlStruct<TracingConfiguration>(
        "config.plain", TracingConfiguration.Zero, static _ => TracingConfiguration.Zero with { ClientType = "grpc" }, Checked)
        .Field("client_type", ClientType, tracing => tracing.ClientType, (tracing, value) => tracing with { ClientType = value })
        .Field("endpoint", YamlTypes.Text, tracing => tracing.Endpoint, (tracing, value) => tracing with { Endpoint = value })
        .Field(
            "sampling_fraction",
            YamlTypes.Float,
            tracing => tracing.SamplingFraction,
            (tracing, value) => tracing with { SamplingFraction = value })
        .Field("insecure", YamlTypes.Boolean, tracing => tracing.Insecure, (tracing, value) => tracing with { Insecure = value })
        .Field("tls_config", HttpSections.Tls, tracing => tracing.Tls, (tracing, value) => tracing with { Tls = value })
        .Field("headers", YamlTypes.TextMap, tracing => tracing.Headers, (tracing, value) => tracing with { Headers = value })
        .Field("compression", YamlTypes.Text, tracing => tracing.Compression, (tracing, value) => tracing with { Compression = value })
        .Field("timeout", YamlTypes.Duration, tracing => tracing.Timeout, (tracing, value) => tracing with { Timeout = value }));

    private static TracingConfiguration Checked(TracingConfiguration tracing)
    {
        ReservedHeaders.Check(tracing.Headers, "custom authorization header configuration is not yet supported");
        if (tracing.Endpoint.Length == 0)
        {
            throw new ConfigurationException("tracing endpoint must be set");
        }

        return tracing.Compression is "" or "gzip"
            ? tracing
            : throw new ConfigurationException($"invalid compression type {tracing.Compression} provided, valid options: gzip");
    }
}
