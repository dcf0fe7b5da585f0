using Microsoft.Extensions.Logging;

namespace Forethought.Server;

/// <summary>What the server's start, reload and stop say in the log. Placeholders become keys.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Starting Forethought {version} {revision} {mode}")]
    public static partial void Starting(ILogger logger, string version, string revision, string mode);

    [LoggerMessage(2, LogLevel.Warning, "Flags were given whose feature is not part of this version; they have no effect {flags}")]
    public static partial void FlagsWithoutFeature(ILogger logger, string flags);

    [LoggerMessage(3, LogLevel.Warning, "Unknown option for --enable-feature {option}")]
    public static partial void UnknownFeature(ILogger logger, string option);

    [LoggerMessage(4, LogLevel.Warning, "Features were enabled that are not part of this version; they have no effect {features}")]
    public static partial void FeaturesNotThere(ILogger logger, string features);

    [LoggerMessage(5, LogLevel.Error, "{problem} {file} {err}")]
    public static partial void ConfigurationFailed(ILogger logger, string problem, string file, string err);

    [LoggerMessage(6, LogLevel.Warning, "A setting of the configuration has no effect: its feature is not part of this version {setting} {file} {line}")]
    public static partial void SettingWithoutFeature(ILogger logger, string setting, string file, int line);

    [LoggerMessage(7, LogLevel.Information, "Start listening for connections {address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(8, LogLevel.Error, "Unable to start web listener {err}")]
    public static partial void ListenFailed(ILogger logger, string err);

    [LoggerMessage(9, LogLevel.Error, "Opening storage failed {err}")]
    public static partial void StorageFailed(ILogger logger, string err);

    [LoggerMessage(10, LogLevel.Information, "TSDB started {duration}")]
    public static partial void StorageStarted(ILogger logger, TimeSpan duration);

    [LoggerMessage(11, LogLevel.Warning, "Storage {warning}")]
    public static partial void StorageWarning(ILogger logger, string warning);

    [LoggerMessage(12, LogLevel.Information, "Loading configuration file {filename}")]
    public static partial void Loading(ILogger logger, string filename);

    [LoggerMessage(13, LogLevel.Information, "Completed loading of configuration file {filename} {totalDuration}")]
    public static partial void Loaded(ILogger logger, string filename, TimeSpan totalDuration);

    [LoggerMessage(14, LogLevel.Error, "Error reloading config {err}")]
    public static partial void ReloadFailed(ILogger logger, string err);

    [LoggerMessage(15, LogLevel.Information, "Server is ready to receive web requests.")]
    public static partial void Ready(ILogger logger);

    [LoggerMessage(16, LogLevel.Warning, "Received an OS signal, exiting gracefully... {signal}")]
    public static partial void Signalled(ILogger logger, string signal);

    [LoggerMessage(17, LogLevel.Warning, "Received termination request via web service, exiting gracefully...")]
    public static partial void QuitRequested(ILogger logger);

    [LoggerMessage(18, LogLevel.Information, "See you next time!")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(19, LogLevel.Warning, "{problem} {mechanism} {config} {err}")]
    public static partial void DiscoveryProblem(ILogger logger, string problem, string mechanism, string config, string err);

    [LoggerMessage(20, LogLevel.Error, "Stopping {part} failed {err}")]
    public static partial void StopFailed(ILogger logger, string part, string err);

    [LoggerMessage(21, LogLevel.Information, "WAL segment loaded {segment} {maxSegment}")]
    public static partial void Replaying(ILogger logger, long segment, long maxSegment);

    [LoggerMessage(EventId = 22, Message = "{problem} {scrape_pool} {target} {num_dropped} {err}")]
    public static partial void ScrapeNotice(
        ILogger logger, LogLevel level, string problem, string scrape_pool, string target, int num_dropped, string err);

    [LoggerMessage(24, LogLevel.Information, "{notice}")]
    public static partial void StorageNotice(ILogger logger, string notice);

    [LoggerMessage(25, LogLevel.Error, "Fatal error {err}")]
    public static partial void FatalError(ILogger logger, string err);

    [LoggerMessage(26, LogLevel.Warning, "{problem}")]
    public static partial void SettingWarning(ILogger logger, string problem);

    [LoggerMessage(27, LogLevel.Information, "{notice}")]
    public static partial void FeatureOn(ILogger logger, string notice);

    [LoggerMessage(28, LogLevel.Warning, "{problem} {option}")]
    public static partial void FeatureWarning(ILogger logger, string problem, string option);

    [LoggerMessage(23, LogLevel.Information, "Exemplar storage resized {from} {to} {migrated}")]
    public static partial void ExemplarsResized(ILogger logger, long from, long to, int migrated);
}
