using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of <c>remote_write</c> and <c>remote_read</c>.</summary>
internal static class RemoteSections
{
    private const string AuthorizationProblem =
        "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter";

    private static readonly YamlStruct<QueueConfiguration> Queue =
        new YamlStruct<QueueConfiguration>("config.QueueConfig", QueueConfiguration.Zero)
        .Field("capacity", YamlTypes.Int, queue => queue.Capacity, (queue, value) => queue with { Capacity = value })
        .Field("max_shards", YamlTypes.Int, queue => queue.MaxShards, (queue, value) => queue with { MaxShards = value })
        .Field("min_shards", YamlTypes.Int, queue => queue.MinShards, (queue, value) => queue with { MinShards = value })
        .Field(
            "max_samples_per_send",
            YamlTypes.Int,
            queue => queue.MaxSamplesPerSend,
            (queue, value) => queue with { MaxSamplesPerSend = value })
        .Field(
            "batch_send_deadline",
            YamlTypes.Duration,
            queue => queue.BatchSendDeadline,
            (queue, value) => queue with { BatchSendDeadline = value })
        .Field("min_backoff", YamlTypes.Duration, queue => queue.MinBackoff, (queue, value) => queue with { MinBackoff = value })
        .Field("max_backoff", YamlTypes.Duration, queue => queue.MaxBackoff, (queue, value) => queue with { MaxBackoff = value })
        .Field(
            "retry_on_http_429",
            YamlTypes.Boolean,
            queue => queue.RetryOnRateLimit,
            (queue, value) => queue with { RetryOnRateLimit = value })
        .Field(
            "sample_age_limit",
            YamlTypes.Duration,
            queue => queue.SampleAgeLimit,
            (queue, value) => queue with { SampleAgeLimit = value });

    private static readonly YamlStruct<RemoteMetadataConfiguration> Metadata =
        new YamlStruct<RemoteMetadataConfiguration>("config.MetadataConfig", RemoteMetadataConfiguration.Zero)
        .Field("send", YamlTypes.Boolean, metadata => metadata.Send, (metadata, value) => metadata with { Send = value }, keepZero: true)
        .Field(
            "send_interval",
            YamlTypes.Duration,
            metadata => metadata.SendInterval,
            (metadata, value) => metadata with { SendInterval = value },
            keepZero: true)
        .Field(
            "max_samples_per_send",
            YamlTypes.Int,
            metadata => metadata.MaxSamplesPerSend,
            (metadata, value) => metadata with { MaxSamplesPerSend = value });

    private static readonly YamlStruct<GoogleIamConfiguration> GoogleIam =
        new YamlStruct<GoogleIamConfiguration>("googleiam.Config", GoogleIamConfiguration.Zero)
        .Field(
            "credentials_file",
            YamlTypes.Text,
            google => google.CredentialsFile,
            (google, value) => google with { CredentialsFile = value });

    private static readonly YamlStruct<RemoteWriteConfiguration> WriteItem = new YamlStruct<RemoteWriteConfiguration>(
        "config.plain", null!, static _ => RemoteWriteConfiguration.Default, Checked)
        .Field("url", YamlTypes.Url, remote => remote.Url, (remote, value) => remote with { Url = value }, keepZero: true)
        .Field(
            "remote_timeout",
            YamlTypes.Duration,
            remote => remote.RemoteTimeout,
            (remote, value) => remote with { RemoteTimeout = value })
        .Field("headers", YamlTypes.TextMap, remote => remote.Headers, (remote, value) => remote with { Headers = value })
        .Field(
            "write_relabel_configs",
            RelabelSection.Rules,
            remote => remote.WriteRelabelRules,
            (remote, value) => remote with { WriteRelabelRules = value })
        .Field("name", YamlTypes.Text, remote => remote.Name, (remote, value) => remote with { Name = value })
        .Field(
            "send_exemplars",
            YamlTypes.Boolean,
            remote => remote.SendExemplars,
            (remote, value) => remote with { SendExemplars = value })
        .Field(
            "send_native_histograms",
            YamlTypes.Boolean,
            remote => remote.SendNativeHistograms,
            (remote, value) => remote with { SendNativeHistograms = value })
        .Field(
            "round_robin_dns",
            YamlTypes.Boolean,
            remote => remote.RoundRobinDns,
            (remote, value) => remote with { RoundRobinDns = value })
        .Field(
            "protobuf_message",
            new YamlText("remote.WriteMessageType"),
            remote => remote.ProtobufMessage,
            (remote, value) => remote with { ProtobufMessage = value })
        .Field(
            "failed_request_logging",
            YamlTypes.Boolean,
            remote => remote.FailedRequestLogging,
            (remote, value) => remote with { FailedRequestLogging = value })
        .Inline(HttpSections.Client, remote => remote.Http, (remote, value) => remote with { Http = value })
        .Field("queue_config", Queue, remote => remote.Queue, (remote, value) => remote with { Queue = value })
        .Field("metadata_config", Metadata, remote => remote.Metadata, (remote, value) => remote with { Metadata = value })
        .Field("sigv4", SigV4Section.SigV4, remote => remote.SigV4, (remote, value) => remote with { SigV4 = value })
        .Field("azuread", AzureAdSection.AzureAd, remote => remote.AzureAd, (remote, value) => remote with { AzureAd = value })
        .Field(
            "google_iam",
            new YamlOptional<GoogleIamConfiguration>(GoogleIam),
            remote => remote.GoogleIam,
            (remote, value) => remote with { GoogleIam = value });

    private static readonly YamlStruct<RemoteReadConfiguration> ReadItem = new YamlStruct<RemoteReadConfiguration>(
        "config.plain", null!, static _ => RemoteReadConfiguration.Default, Checked)
        .Field("url", YamlTypes.Url, remote => remote.Url, (remote, value) => remote with { Url = value }, keepZero: true)
        .Field(
            "remote_timeout",
            YamlTypes.Duration,
            remote => remote.RemoteTimeout,
            (remote, value) => remote with { RemoteTimeout = value })
        .Field(
            "chunked_read_limit",
            YamlTypes.UInt64,
            remote => remote.ChunkedReadLimit,
            (remote, value) => remote with { ChunkedReadLimit = value })
        .Field("headers", YamlTypes.TextMap, remote => remote.Headers, (remote, value) => remote with { Headers = value })
        .Field("read_recent", YamlTypes.Boolean, remote => remote.ReadRecent, (remote, value) => remote with { ReadRecent = value })
        .Field("name", YamlTypes.Text, remote => remote.Name, (remote, value) => remote with { Name = value })
        .Inline(HttpSections.Client, remote => remote.Http, (remote, value) => remote with { Http = value })
        .Field(
            "required_matchers",
            YamlTypes.LabelSet,
            remote => remote.RequiredMatchers,
            (remote, value) => remote with { RequiredMatchers = value })
        .Field(
            "filter_external_labels",
            YamlTypes.Boolean,
            remote => remote.FilterExternalLabels,
            (remote, value) => remote with { FilterExternalLabels = value });

    internal static readonly YamlList<RemoteWriteConfiguration> Write = new(WriteItem, "[]*config.RemoteWriteConfig");

    internal static readonly YamlList<RemoteReadConfiguration> Read = new(ReadItem, "[]*config.RemoteReadConfig");

    private static RemoteWriteConfiguration Checked(RemoteWriteConfiguration remote)
    {
        if (remote.Url is null)
        {
            throw new ConfigurationException("url for remote_write is empty");
        }

        RelabelSection.CheckNulls(remote.WriteRelabelRules, "empty or null relabeling rule in remote write config");
        ReservedHeaders.Check(remote.Headers, AuthorizationProblem);
        if (remote.ProtobufMessage is not (RemoteWriteConfiguration.MessageV1 or RemoteWriteConfiguration.MessageV2))
        {
            throw new ConfigurationException(
                $"invalid protobuf_message value: unknown type for remote write protobuf message {remote.ProtobufMessage}, "
                + $"supported: {RemoteWriteConfiguration.MessageV1}, {RemoteWriteConfiguration.MessageV2}");
        }

        remote = remote with { Http = remote.Http.Validated() };
        if (remote.Queue.Problem() is { } problem)
        {
            throw new ConfigurationException(problem);
        }

        CheckAuthentication(remote);
        return remote;
    }

    private static void CheckAuthentication(RemoteWriteConfiguration remote)
    {
        (string Name, object? Section)[] all =
        [
            ("basic_auth", remote.Http.BasicAuthentication), ("authorization", remote.Http.Authorization), ("oauth2", remote.Http.OAuth2),
            ("sigv4", remote.SigV4), ("azuread", remote.AzureAd), ("google_iam", remote.GoogleIam),
        ];
        string[] configured = [.. all.Where(static auth => auth.Section is not null).Select(static auth => auth.Name)];
        if (configured.Length > 1)
        {
            throw new ConfigurationException(
                "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured. "
                + $"Currently configured: [{string.Join(' ', configured)}]");
        }
    }

    private static RemoteReadConfiguration Checked(RemoteReadConfiguration remote)
    {
        if (remote.Url is null)
        {
            throw new ConfigurationException("url for remote_read is empty");
        }

        ReservedHeaders.Check(remote.Headers, AuthorizationProblem);
        return remote with { Http = remote.Http.Validated() };
    }
}
