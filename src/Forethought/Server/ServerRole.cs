using Forethought.Encoding;
using Forethought.Flags;
using Forethought.Logging;
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

        if (await FindConflictAsync(flags).ConfigureAwait(false) is { } code)
            return code;
        using var loggers = new ConsoleLoggerFactory(
            errors,
            flags.Text("log.format") == "json" ? LogFormat.Json : LogFormat.Logfmt,
            ConsoleLoggerFactory.ParseLevel(flags.Text("log.level")),
            TimeProvider.System);
        ILogger log = loggers.CreateLogger("Forethought.Server");
        var features = new FeatureSwitches(flags.Texts("enable-feature"));
        Warn(log, flags, features);
        using var run = new ServerRun(flags, features, loggers, TimeProvider.System);
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

    // Returns the exit code when the flags contradict each other.
    private async Task<int?> FindConflictAsync(FlagValues flags)
    {
        bool agent = flags.Bool("agent");
        IReadOnlyList<string> wrong = flags.GivenFor(agent ? FlagMode.Server : FlagMode.Agent);
        if (wrong.Count > 0)
        {
            string list = string.Join(' ', wrong.Select(GoQuote.Quote));
            await errors.WriteAsync(agent
                ? $"The following flag(s) can not be used in agent mode: [{list}]"
                : $"The following flag(s) can only be used in agent mode: [{list}]").ConfigureAwait(false);
            return 3;
        }

        if (flags.Integer("web.search.max-limit") < 0)
        {
            await errors.WriteAsync(
                $"--web.search.max-limit must be non-negative; got {flags.Integer("web.search.max-limit")} (use 0 to disable the cap)\n")
                .ConfigureAwait(false);
            return 1;
        }

        // Serving without the protection that was asked for would be worse than not serving.
        if (flags.Text("web.config.file").Length > 0)
        {
            await errors.WriteAsync("--web.config.file: TLS and authentication of the web server are not part of this version\n")
                .ConfigureAwait(false);
            return 1;
        }

        return null;
    }

    private static void Warn(ILogger log, FlagValues flags, FeatureSwitches features)
    {
        IReadOnlyList<string> missing = MissingFeatures.Among(flags);
        if (missing.Count > 0)
            ServerLog.FlagsWithoutFeature(log, string.Join(' ', missing));
        if (features.Missing.Count > 0)
            ServerLog.FeaturesNotThere(log, string.Join(',', features.Missing));
        foreach (string name in features.Unknown)
            ServerLog.UnknownFeature(log, name);
    }
}
