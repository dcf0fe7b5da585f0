using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.PromQL.Tests.Scripts.Recording;
using Forethought.Testing;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>
/// Our own scripts. In those under <c>Recorded</c> every expectation is what the real Prometheus 3.5 answered, annotations with
/// their positions included; with <c>PEERS_BIN</c> set they are recorded anew and compared, and with <c>RECORD_SCRIPTS</c> set as
/// well they are written. In those under <c>Derived</c>, for what came later, comments say where the numbers come from.
/// </summary>
public sealed class RecordedScriptTests(ITestOutputHelper output)
{
    private static readonly string Directory = Path.Combine(AppContext.BaseDirectory, "Scripts");

    public static TheoryData<string> Recorded() => Scripts("Recorded");

    public static TheoryData<string> All() => [.. Scripts("Recorded"), .. Scripts("Derived")];

    /// <summary>Not those about start timestamps, which the store does not keep.</summary>
    public static TheoryData<string> AllForTheStore() => [.. All().Select(static row => row.Data).Where(static script => script != "Derived/start_timestamps.test")];

    [Theory]
    [MemberData(nameof(All))]
    public Task Every_expectation_is_met(string script) => RunAsync(script, static () => Task.FromResult<IScriptStorage>(new MemoryStorage()));

    [Theory]
    [MemberData(nameof(AllForTheStore))]
    public Task Every_expectation_is_met_on_the_store(string script) => RunAsync(script, StoreStorage.OpenAsync);

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task Prometheus_gives_the_recorded_answers(string script)
    {
        Peers.Require("prometheus");
        Peers.Require("promtool");
        string recorded = await File.ReadAllTextAsync(SourceOf(script), TestContext.Current.CancellationToken);

        string answered = await ScriptRecorder.RecordAsync(recorded);

        if (Environment.GetEnvironmentVariable("RECORD_SCRIPTS") is { Length: > 0 })
            await File.WriteAllTextAsync(SourceOf(script), answered, TestContext.Current.CancellationToken);
        else
            Assert.Equal(recorded, answered);
    }

    private static string SourceOf(string script) =>
        Path.Combine(ServerBinary.RepositoryRoot(), "test", "Forethought.PromQL.Tests", "Scripts", script);

    private static TheoryData<string> Scripts(string kind) =>
        [.. System.IO.Directory.GetFiles(Path.Combine(Directory, kind), "*.test").Order(StringComparer.Ordinal).Select(path => $"{kind}/{Path.GetFileName(path)}")];

    private async Task RunAsync(string script, Func<Task<IScriptStorage>> open)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Directory, script), TestContext.Current.CancellationToken);
        using var engine = new QueryEngine(
            new QueryEngineOptions { Parser = ParserOptions.Everything, UseStartTimestamps = true, WorkerThreads = 1 }, TimeProvider.System);

        var runner = new ScriptRunner(engine, open)
        {
            EveryAnnotationIsExpected = true,
            FloatsAreExact = script.StartsWith("Recorded", StringComparison.Ordinal),
        };

        List<(EvalCommand Command, string? Failure)> outcomes = await runner.RunAsync(text);

        var failures = outcomes.Where(static outcome => outcome.Failure is not null).ToList();
        foreach ((EvalCommand command, string? failure) in failures)
            output.WriteLine($"{script}:{command.Line}: {command.Expression}\n    {failure}");
        Assert.True(failures.Count == 0, $"{failures.Count} of {outcomes.Count} evaluations of {script} fail");
    }
}
