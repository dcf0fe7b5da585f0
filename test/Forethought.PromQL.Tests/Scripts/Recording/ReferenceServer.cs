using System.Globalization;
using System.Text.Json;
using Forethought.Testing;
using Forethought.Tsdb;

namespace Forethought.PromQL.Tests.Scripts.Recording;

/// <summary>The real Prometheus over the samples of a script, which it finds in a data directory written beforehand.</summary>
internal sealed class ReferenceServer : IAsyncDisposable
{
    private readonly ServerHome _home;
    private readonly ServerProcess _process;

    private ReferenceServer(ServerHome home, ServerProcess process)
    {
        _home = home;
        _process = process;
    }

    public static async Task<ReferenceServer> StartAsync(IEnumerable<ScriptCommand> commands)
    {
        var home = new ServerHome(binary: Peers.Require("prometheus"));
        await using (IScriptStorage storage = new StoreStorage(await TsdbStore.OpenAsync(new TsdbOptions { Path = home.DataDirectory })))
        {
            foreach (LoadCommand load in commands.OfType<LoadCommand>())
                await load.RunAsync(storage);
        }

        // Blocks so wide that all samples stay in the head, whatever their times.
        return new ReferenceServer(home, await home.Start(
            "--enable-feature=promql-experimental-functions,promql-duration-expr,native-histograms",
            "--storage.tsdb.min-block-duration=100d",
            "--storage.tsdb.max-block-duration=100d"));
    }

    /// <summary>The whole answer to an instant or a range query.</summary>
    public async Task<JsonElement> AskAsync(EvalCommand command)
    {
        (string, string)[] form = command.IsRange
            ? [("query", command.Expression), ("start", Seconds(command.StartMs)), ("end", Seconds(command.EndMs)), ("step", Seconds(command.StepMs))]
            : [("query", command.Expression), ("time", Seconds(command.TimeMs))];
        (_, string body) = await _process.Api.Post(command.IsRange ? "api/v1/query_range" : "api/v1/query", form);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _home.Dispose();
    }

    private static string Seconds(long timeMs) => (timeMs / 1000.0).ToString("F3", CultureInfo.InvariantCulture);
}
