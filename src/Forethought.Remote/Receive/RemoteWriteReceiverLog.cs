using Microsoft.Extensions.Logging;

namespace Forethought.Remote.Receive;

/// <summary>What the receiver logs, in upstream's words.</summary>
internal static partial class RemoteWriteReceiverLog
{
    [LoggerMessage(1, LogLevel.Error, "Error decoding remote write request {err}")]
    public static partial void Undecodable(ILogger logger, string err);

    [LoggerMessage(2, LogLevel.Warning, "Invalid metric names or labels {got} {series}")]
    public static partial void InvalidLabels(ILogger logger, string got, int series);

    [LoggerMessage(3, LogLevel.Error, "Out of order sample from remote write {err} {series} {timestamp}")]
    public static partial void Refused(ILogger logger, string err, string series, long timestamp);

    [LoggerMessage(4, LogLevel.Error, "Error while storing the remote write request {err}")]
    public static partial void NotStored(ILogger logger, string err);
}
