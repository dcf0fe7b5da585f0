using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Xunit;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Upstream's test scripts, unchanged. The numbers of passing evaluations may only grow.</summary>
public sealed class ScriptTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("aggregators.test", 160)]
    [InlineData("at_modifier.test", 78)]
    [InlineData("collision.test", 2)]
    [InlineData("duration_expression.test", 59)]
    [InlineData("extended_vectors.test", 169)]
    [InlineData("fill-modifier.test", 46)]
    [InlineData("functions.test", 431)]
    [InlineData("histograms.test", 185)]
    [InlineData("info.test", 53)]
    [InlineData("limit.test", 37)]
    [InlineData("literals.test", 25)]
    [InlineData("native_histograms.test", 522)]
    [InlineData("operators.test", 214)]
    [InlineData("staleness.test", 17)]
    [InlineData("start_timestamps.test", 26)]
    [InlineData("trig_functions.test", 19)]
    [InlineData("type_and_unit.test", 58)]
    public Task At_least_as_many_evaluations_pass_as_before(string file, int atLeast) =>
        RunAsync(file, atLeast, static () => Task.FromResult<IScriptStorage>(new MemoryStorage()));

    [Theory]
    [InlineData("aggregators.test", 160)]
    [InlineData("at_modifier.test", 78)]
    [InlineData("collision.test", 2)]
    [InlineData("duration_expression.test", 59)]
    [InlineData("extended_vectors.test", 169)]
    [InlineData("fill-modifier.test", 46)]
    [InlineData("functions.test", 431)]
    [InlineData("histograms.test", 185)]
    [InlineData("info.test", 53)]
    [InlineData("limit.test", 37)]
    [InlineData("literals.test", 25)]
    [InlineData("native_histograms.test", 522)]
    [InlineData("operators.test", 214)]
    [InlineData("staleness.test", 17)]
    [InlineData("start_timestamps.test", 26)]
    [InlineData("trig_functions.test", 19)]
    [InlineData("type_and_unit.test", 58)]
    public Task At_least_as_many_evaluations_pass_on_the_store_as_before(string file, int atLeast) =>
        RunAsync(file, atLeast, StoreStorage.OpenAsync);

    /// <summary>
    /// Samples of one series in several storages. Eight evaluations expect counter-reset hints, about which nothing is known where
    /// the storage changes.
    /// </summary>
    [Theory]
    [InlineData("aggregators.test", 160)]
    [InlineData("at_modifier.test", 78)]
    [InlineData("collision.test", 2)]
    [InlineData("duration_expression.test", 59)]
    [InlineData("extended_vectors.test", 169)]
    [InlineData("fill-modifier.test", 46)]
    [InlineData("functions.test", 431)]
    [InlineData("histograms.test", 185)]
    [InlineData("info.test", 53)]
    [InlineData("limit.test", 37)]
    [InlineData("literals.test", 25)]
    [InlineData("native_histograms.test", 514)]
    [InlineData("operators.test", 214)]
    [InlineData("staleness.test", 17)]
    [InlineData("start_timestamps.test", 26)]
    [InlineData("trig_functions.test", 19)]
    [InlineData("type_and_unit.test", 58)]
    public Task At_least_as_many_evaluations_pass_on_merged_storages_as_before(string file, int atLeast) =>
        RunAsync(file, atLeast, static () => Task.FromResult<IScriptStorage>(new DealtStorage()));

    /// <summary>
    /// As the server runs without feature flags. The scripts expect what delayed name removal gives: metric names in annotations
    /// about histograms, and names and types that are still there when vectors are matched.
    /// </summary>
    [Theory]
    [InlineData("aggregators.test", 160)]
    [InlineData("at_modifier.test", 78)]
    [InlineData("collision.test", 2)]
    [InlineData("duration_expression.test", 59)]
    [InlineData("extended_vectors.test", 169)]
    [InlineData("fill-modifier.test", 46)]
    [InlineData("functions.test", 431)]
    [InlineData("histograms.test", 173)]
    [InlineData("info.test", 53)]
    [InlineData("limit.test", 37)]
    [InlineData("literals.test", 25)]
    [InlineData("native_histograms.test", 509)]
    [InlineData("operators.test", 214)]
    [InlineData("staleness.test", 17)]
    [InlineData("start_timestamps.test", 26)]
    [InlineData("trig_functions.test", 19)]
    [InlineData("type_and_unit.test", 54)]
    public Task At_least_as_many_evaluations_pass_without_delayed_name_removal_as_before(string file, int atLeast) =>
        RunAsync(file, atLeast, static () => Task.FromResult<IScriptStorage>(new MemoryStorage()), delayedNameRemoval: false);

    private async Task RunAsync(string file, int atLeast, Func<Task<IScriptStorage>> open, bool delayedNameRemoval = true)
    {
        string script = await File.ReadAllTextAsync(Testing.Conformance.Path("promql/" + file), TestContext.Current.CancellationToken);
        using var engine = new QueryEngine(
            new QueryEngineOptions
            {
                MaxSamples = 10_000,
                Timeout = TimeSpan.FromSeconds(100),
                Parser = ParserOptions.Everything,
                DelayedNameRemoval = delayedNameRemoval,
                UseStartTimestamps = true,
                WorkerThreads = 1,
            },
            TimeProvider.System);

        List<(EvalCommand Command, string? Failure)> outcomes = await new ScriptRunner(engine, open).RunAsync(script);

        foreach ((EvalCommand command, string? failure) in outcomes)
        {
            if (failure is not null)
                output.WriteLine($"{file}:{command.Line}: {command.Expression}\n    {failure}");
        }

        int passed = outcomes.Count(static outcome => outcome.Failure is null);
        output.WriteLine($"{file}: {passed} of {outcomes.Count}");
        Assert.True(passed >= atLeast, $"{file}: {passed} of {outcomes.Count} evaluations pass, {atLeast} did before");
        Assert.True(passed == atLeast, $"{file}: {passed} evaluations pass, raise the {atLeast} of the table");
    }
}
