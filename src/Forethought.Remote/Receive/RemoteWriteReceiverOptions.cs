namespace Forethought.Remote.Receive;

/// <summary>How a <see cref="RemoteWriteReceiver"/> behaves.</summary>
public sealed record RemoteWriteReceiverOptions
{
    /// <summary>The message of remote write 1.0, the one that this version decodes.</summary>
    public const string Version1Message = "prometheus.WriteRequest";

    /// <summary>The message of remote write 2.0: known, and not decoded by this version.</summary>
    public const string Version2Message = "io.prometheus.write.v2.Request";

    /// <summary>Whether requests are taken at all (<c>--web.enable-remote-write-receiver</c>). Default: no.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>
    /// The messages to accept (<c>--web.remote-write-receiver.accepted-protobuf-messages</c>); those that this version does not decode
    /// are refused as if they were not listed. Default: <see cref="Version1Message"/> and <see cref="Version2Message"/>.
    /// </summary>
    public IReadOnlyList<string> AcceptedMessages { get; init; } = [Version1Message, Version2Message];
}
