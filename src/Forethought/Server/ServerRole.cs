using Forethought.Encoding;
using Forethought.Flags;
using Forethought.Logging;
using Forethought.Tsdb;
using Forethought.Web;
using Microsoft.Extensions.Logging;

namespace Forethought.Server;

/// <summary>
/// The server's way from the command line to its end: flags, then the running server. Exit codes are upstream's: 1 for a line
/// that cannot be read, 2 for an unusable value or configuration, 3 for a flag of the other mode.
/// </summary>
/// <param name="output">Where help and version go.</param>
/// <param name="errors">Where errors and the log go.</param>
internal sealed class ServerRole(TextWriter output, TextWriter errors)
{
    private const string ProgramName = "prometheus";
    private const string Summary = "The Prometheus monitoring server";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        FlagValues flags;
        try
        {
            flags = new FlagParser(ServerFlags.All).Parse(arguments);
        }
        catch (FlagException exception)
        {
            return await RefuseAsync(exception).ConfigureAwait(false);
        }

        if (flags.WantsHelp || flags.WantsVersion)
        {
            await output.WriteAsync(flags.WantsHelp ? FlagHelp.Usage(ProgramName, Summary, ServerFlags.All) : Build.VersionText)
                .ConfigureAwait(false);
            return 0;
        }

        if (FindConflict(flags) is { } conflict)
        {
            await errors.WriteAsync(conflict.Problem).ConfigureAwait(false);
            return conflict.ExitCode;
        }

        return await ServeAsync(flags).ConfigureAwait(false);
    }

    private async Task<int> ServeAsync(FlagValues flags)
    {
        ExternalUrl externalUrl;
        CorsPolicy cors;
        try
        {
            externalUrl = ExternalUrl.From(flags.Text("web.external-url"), flags.Text("web.route-prefix"), flags.Texts("web.listen-address")[0]);
            cors = new CorsPolicy(flags.Text("web.cors.origin"));
        }
        catch (Exception exception) when (exception is FormatException or Regex.Re2SyntaxException)
        {
            await errors.WriteAsync(exception is FormatException
                ? $"parse external URL {GoQuote.Quote(flags.Text("web.external-url"))}: {exception.Message}\n"
                : $"could not compile CORS regex string {GoQuote.Quote(flags.Text("web.cors.origin"))}: {exception.Message}\n")
                .ConfigureAwait(false);
            return 2;
        }

        using var loggers = new ConsoleLoggerFactory(
            errors,
            flags.Text("log.format") == "json" ? LogFormat.Json : LogFormat.Logfmt,
            ConsoleLoggerFactory.ParseLevel(flags.Text("log.level")),
            TimeProvider.System);
        ILogger log = loggers.CreateLogger("Forethought.Server");
        var features = new FeatureSwitches(flags.Texts("enable-feature"));
        Warn(log, flags, features);
        if (features["use-uncached-io"] && !TsdbOptions.SupportsUncachedWrites)
        {
            await errors.WriteAsync("Error parsing feature list: experimental Uncached IO is not supported\n").ConfigureAwait(false);
            return 1;
        }

        using var run = new ServerRun(flags, features, externalUrl, cors, loggers, TimeProvider.System);
        return await run.RunAsync().ConfigureAwait(false);
    }

    private async Task<int> RefuseAsync(FlagException exception)
    {
        string line = $"Error parsing command line arguments: {exception.Message}\n";
        if (exception.IsValueError)
        {
            await output.WriteAsync(FlagHelp.Usage(ProgramName, Summary, ServerFlags.All)).ConfigureAwait(false);
            await errors.WriteAsync(line).ConfigureAwait(false);
            return 2;
        }

        await errors.WriteAsync($"{line}{ProgramName}: error: {exception.Message}\n").ConfigureAwait(false);
        return 1;
    }

    // What is wrong with flags that are valid each by itself, and the exit code that it ends with; null when nothing is.
    private static (string Problem, int ExitCode)? FindConflict(FlagValues flags)
    {
        bool agent = flags.Bool("agent");
        if (flags.Integer("web.search.max-limit") is < 0 and var limit)
            return ($"--web.search.max-limit must be non-negative; got {limit} (use 0 to disable the cap)\n", 1);
        IReadOnlyList<string> wrong = flags.GivenFor(agent ? FlagMode.Server : FlagMode.Agent);
        if (wrong.Count > 0)
        {
            string list = string.Join(' ', wrong.Select(GoQuote.Quote));
            return ($"The following flag(s) can {(agent ? "not be used" : "only be used")} in agent mode: [{list}]", 3);
        }

        if (agent && flags.Integer("storage.agent.checkpoint-batch-size") <= 0)
            return ("--storage.agent.checkpoint-batch-size must be greater than 0.\n", 1);
        if (flags.Float("auto-gomemlimit.ratio") is not (> 0 and <= 1))
            return ("--auto-gomemlimit.ratio must be greater than 0 and less than or equal to 1.", 1);
        // Serving without the protection that was asked for would be worse than not serving.
        if (flags.Text("web.config.file").Length > 0)
            return ("--web.config.file: TLS and authentication of the web server are not part of this version\n", 1);
        return null;
    }

    private static void Warn(ILogger log, FlagValues flags, FeatureSwitches features)
    {
        IReadOnlyList<string> missing = MissingFeatures.Among(flags);
        if (missing.Count > 0)
            ServerLog.FlagsWithoutFeature(log, string.Join(' ', missing));
        if (features.Missing.Count > 0)
            ServerLog.FeaturesNotThere(log, string.Join(',', features.Missing));
        foreach (FeatureNotice notice in features.Notices)
        {
            if (notice.IsWarning)
                ServerLog.FeatureWarning(log, notice.Text, notice.Name);
            else
                ServerLog.FeatureOn(log, notice.Text);
        }

        foreach (string name in features.Unknown)
            ServerLog.UnknownFeature(log, name);
    }
}
