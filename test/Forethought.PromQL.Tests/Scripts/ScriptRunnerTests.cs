using Forethought.PromQL.Tests.Execution;
using Xunit;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>A script of our own, and that scripts can fail: what upstream's scripts prove rests on this.</summary>
public sealed class ScriptRunnerTests
{
    private const string Script = """
        # Comments and empty lines separate commands.
        load 1m
            requests_total{code="200"} 0+60x20
            requests_total{code="500"} 0+6x20
            latency {{schema:0 sum:5 count:4 buckets:[1 2 1]}}x20

        eval instant at 10m sum by (code) (rate(requests_total[5m]))
            {code="200"} 1
            {code="500"} 0.1

        eval range from 10m to 12m step 1m requests_total{code="200"}
            requests_total{code="200"} 600 660 720

        eval instant at 10m histogram_quantile(0.5, latency)
            expect no_info
            {} 1.414213562373095

        eval instant at 10m rate(latency[5m])
            expect no_warn
            {} {{schema:0 counter_reset_hint:gauge}}

        eval_ordered instant at 10m topk(2, requests_total)
            requests_total{code="200"} 600
            requests_total{code="500"} 60

        eval instant at 10m requests_total / on() requests_total
            expect fail regex:.*many-to-many matching not allowed.*

        clear

        eval instant at 10m requests_total

        eval instant at 0 1 + 0x10
            17
        """;

    [Fact]
    public async Task A_script_passes_on_samples_in_memory() => await AssertPassesAsync(static () => Task.FromResult<IScriptStorage>(new MemoryStorage()));

    [Fact]
    public async Task A_script_passes_on_the_store() => await AssertPassesAsync(StoreStorage.OpenAsync);

    [Theory]
    [InlineData("eval instant at 1m x\n  x 3", "expected 3")]
    [InlineData("eval instant at 1m x", "unexpected metric")]
    [InlineData("eval instant at 1m x\n  x 2\n  y 1", "not found")]
    [InlineData("eval range from 0 to 1m step 1m x\n  x 1 2 3", "cannot return this many points")]
    [InlineData("eval range from 0 to 1m step 1m x\n  x 1 _", "more samples")]
    [InlineData("eval_fail instant at 1m x", "expected an error")]
    [InlineData("eval instant at 1m x\n  expect warn\n  x 2", "expected warn")]
    [InlineData("eval instant at 1m rate(x[2m])\n  expect no_info\n  {} 0.016666666666666666", "unexpected infos")]
    [InlineData("eval instant at 1m 1\n  2", "expected scalar")]
    [InlineData("eval instant at 1m \"a\"\n  expect string \"b\"", "expected string")]
    [InlineData("eval instant at 1m x @ 60 + nothing_here or vector(time())\n  {} 60", "")]
    public async Task A_wrong_expectation_is_found(string command, string failure)
    {
        using PromQL.Execution.QueryEngine engine = TestQueries.Engine(new PromQL.Execution.QueryEngineOptions { DelayedNameRemoval = true });
        var runner = new ScriptRunner(engine, static () => Task.FromResult<IScriptStorage>(new MemoryStorage()));

        List<(EvalCommand Command, string? Failure)> outcomes = await runner.RunAsync("load 1m\n  x 1 2\n\n" + command);

        Assert.Contains(failure, Assert.Single(outcomes).Failure ?? "", StringComparison.Ordinal);
        Assert.Equal(failure.Length > 0, outcomes[0].Failure is not null);
    }

    private static async Task AssertPassesAsync(Func<Task<IScriptStorage>> open)
    {
        using PromQL.Execution.QueryEngine engine = TestQueries.Engine(new PromQL.Execution.QueryEngineOptions { DelayedNameRemoval = true });

        List<(EvalCommand Command, string? Failure)> outcomes = await new ScriptRunner(engine, open).RunAsync(Script);

        Assert.Equal(8, outcomes.Count);
        Assert.All(outcomes, static outcome => Assert.Null(outcome.Failure));
    }
}
