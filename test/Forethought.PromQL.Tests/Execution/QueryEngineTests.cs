using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.PromQL.Tests.Scripts;
using Forethought.Testing;
using Xunit;
using static Forethought.PromQL.Tests.Execution.TestQueries;

namespace Forethought.PromQL.Tests.Execution;

public sealed class QueryEngineTests
{
    [Fact]
    public async Task An_instant_selector_finds_the_newest_sample_within_the_lookback_delta()
    {
        MemoryStorage storage = Load("x 1 2 3");

        Assert.Equal(["{__name__=\"x\"} 3@360"], Show(await InstantAsync(storage, "x", 6)));
        Assert.Empty(Show(await InstantAsync(storage, "x", 7)));
    }

    [Fact]
    public async Task A_stale_marker_ends_a_series_at_once()
    {
        MemoryStorage storage = Load("x 1 stale _ 4");

        Assert.Equal(["{__name__=\"x\"} 1@0 4@180"], Show(await RangeAsync(storage, "x", 0, 3)));
    }

    [Fact]
    public async Task The_left_end_of_a_range_is_open()
    {
        MemoryStorage storage = Load("x 0+1x20");

        Assert.Equal(["{} 5@600"], Show(await InstantAsync(storage, "count_over_time(x[5m])", 10)));
        Assert.Equal(
            ["{__name__=\"x\"} 6@360 7@420 8@480 9@540 10@600"], Show(await InstantAsync(storage, "x[5m]", 10)));
    }

    [Fact]
    public async Task A_query_overrides_the_lookback_delta()
    {
        MemoryStorage storage = Load("x 1");
        using QueryEngine engine = Engine();
        PreparedQuery query = engine.PrepareInstant("x", 6 * 60_000, new QueryOptions { LookbackDelta = TimeSpan.FromMinutes(10) });

        QueryResult result = await engine.ExecuteAsync(query, storage, CancellationToken.None);

        Assert.Equal(["{__name__=\"x\"} 1@360"], Show(result));
    }

    [Fact]
    public async Task Functions_drop_the_metric_name_unless_that_is_put_off()
    {
        MemoryStorage storage = Load("x{a=\"1\"} 0+60x10");

        Assert.Equal(["{a=\"1\"} 1@300"], Show(await InstantAsync(storage, "rate(x[2m])", 5)));
        Assert.Equal(
            ["{x=\"y\"} 600@300"],
            Show(await InstantAsync(
                storage, "label_replace(sum by (__name__) (-(-x)) * 2, \"x\", \"y\", \"\", \"\")", 5,
                new QueryEngineOptions { DelayedNameRemoval = true })));
    }

    [Fact]
    public async Task Dropping_names_must_not_make_two_series_one()
    {
        MemoryStorage storage = Load("a{x=\"1\"} 1+1x10", "b{x=\"1\"} 1+1x10");

        Assert.Equal("vector cannot contain metrics with the same labelset", await FailureAsync(storage, "rate({x=\"1\"}[5m])", 5));
        Assert.Equal("vector cannot contain metrics with the same labelset", await FailureAsync(storage, "abs({x=\"1\"})", 5));
    }

    [Fact]
    public async Task Series_that_get_the_same_labels_at_different_times_become_one()
    {
        MemoryStorage storage = Load("a{x=\"1\"} 1 1 stale", "b{x=\"1\"} _ _ _ 2 2");

        Assert.Equal(["{x=\"1\"} 1@0 1@60 2@180 2@240"], Show(await RangeAsync(storage, "abs({x=\"1\"})", 0, 4)));
    }

    [Fact]
    public async Task Scalars_strings_and_range_vectors_keep_their_type()
    {
        MemoryStorage storage = Load("x 1");

        Assert.Equal(["62"], Show(await InstantAsync(storage, "time() + 2", 1)));
        Assert.Equal(["text"], Show(await InstantAsync(storage, "\"text\"", 1)));
        Assert.Equal(QueryResultKind.Matrix, (await InstantAsync(storage, "(x[1m])", 0)).Kind);
        Assert.Equal(["{} 2@60 2@120"], Show(await RangeAsync(storage, "1 + 1", 1, 2)));
    }

    [Fact]
    public void A_range_query_needs_a_value_at_each_step()
    {
        using QueryEngine engine = Engine();

        PromQlException exception = Assert.Throws<PromQlException>(() => engine.PrepareRange("x[5m]", 0, 60_000, 60_000));

        Assert.Equal("invalid expression type \"range vector\" for range query, must be Scalar or instant Vector", exception.Message);
        Assert.Throws<PromQlParseException>(() => engine.PrepareInstant("sum(", 0));
        Assert.Equal(
            "15:21: duration must be greater than 0",
            Assert.Throws<PromQlException>(() => engine.PrepareInstant("rate(demo_many[step()])", 0)).Message);
    }

    [Fact]
    public async Task Too_many_samples_end_the_query()
    {
        MemoryStorage storage = Load("x{a=\"1\"} 1+0x100", "x{a=\"2\"} 1+0x100");
        var options = new QueryEngineOptions { MaxSamples = 100 };

        PromQlException exception = await Assert.ThrowsAsync<PromQlException>(() => RangeAsync(storage, "sum(x)", 0, 99, options));

        Assert.Equal(PromQlErrorKind.TooManySamples, exception.Kind);
        Assert.Equal("query processing would load too many samples into memory in query execution", exception.Message);
        Assert.Equal(["{} 2@0"], Show(await InstantAsync(storage, "sum(x)", 0, options)));
    }

    [Theory]
    [InlineData("count_over_time(x[100y:1ms])")]
    [InlineData("count_over_time(count_over_time(x[1000d:1s])[1000d:1s])")]
    public async Task A_subquery_with_more_steps_than_samples_may_be_held_is_refused(string query)
    {
        PromQlException exception = await Assert.ThrowsAsync<PromQlException>(() => InstantAsync(Load("x 1"), query, 1));

        Assert.Equal(PromQlErrorKind.TooManySamples, exception.Kind);
    }

    [Fact]
    public async Task The_engine_counts_its_queries()
    {
        using QueryEngine engine = Engine();
        var registry = new Forethought.Client.MetricRegistry();
        registry.Register(engine.Metrics);

        await engine.ExecuteAsync(engine.PrepareInstant("x", 0), Load("x 1"), CancellationToken.None);
        await Assert.ThrowsAsync<PromQlException>(() => engine.ExecuteAsync(engine.PrepareInstant("x / on() x", 0), Load("x{a=\"1\"} 1", "x{a=\"2\"} 1"), CancellationToken.None));

        string text = registry.ToText();
        Assert.Contains("prometheus_engine_queries 0\n", text, StringComparison.Ordinal);
        Assert.Contains("prometheus_engine_queries_concurrent_max 20\n", text, StringComparison.Ordinal);
        Assert.Contains("prometheus_engine_query_samples_total 5\n", text, StringComparison.Ordinal);
        Assert.Contains("prometheus_engine_query_duration_seconds_count{slice=\"inner_eval\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canceled_query_says_so()
    {
        using QueryEngine engine = Engine();
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        PromQlException exception = await Assert.ThrowsAsync<PromQlException>(
            () => engine.ExecuteAsync(engine.PrepareInstant("x", 0), Load("x 1"), canceled.Token));

        Assert.Equal(PromQlErrorKind.Canceled, exception.Kind);
    }

    [Fact]
    public async Task A_query_that_takes_too_long_ends()
    {
        var time = new FakeTimeProvider();
        using var engine = new QueryEngine(new QueryEngineOptions { Timeout = TimeSpan.FromSeconds(5), WorkerThreads = 1 }, time);
        var storage = new SlowStorage(Load("x 1"), () => time.Advance(TimeSpan.FromSeconds(6)));

        PromQlException exception = await Assert.ThrowsAsync<PromQlException>(
            () => engine.ExecuteAsync(engine.PrepareInstant("x", 0), storage, CancellationToken.None));

        Assert.Equal(PromQlErrorKind.Timeout, exception.Kind);
        Assert.Equal("query timed out in expression evaluation", exception.Message);
    }

    [Fact]
    public async Task Queries_beyond_the_limit_wait_for_a_slot()
    {
        using var engine = new QueryEngine(new QueryEngineOptions { MaxConcurrency = 1, WorkerThreads = 1 }, TimeProvider.System);
        var release = new TaskCompletionSource();
        var storage = new SlowStorage(Load("x 1"), () => { }) { Gate = release.Task };
        Task<QueryResult> first = engine.ExecuteAsync(engine.PrepareInstant("x", 0), storage, CancellationToken.None);

        Task<QueryResult> second = engine.ExecuteAsync(engine.PrepareInstant("x", 0), Load("x 2"), CancellationToken.None);

        Assert.False(second.IsCompleted);
        release.SetResult();
        Assert.Equal(["{__name__=\"x\"} 1@0"], Show(await first));
        Assert.Equal(["{__name__=\"x\"} 2@0"], Show(await second));
    }

    [Fact]
    public async Task Statistics_count_samples_as_upstream_does()
    {
        MemoryStorage storage = Load("x 0+1x20");
        using QueryEngine engine = Engine(new QueryEngineOptions { PerStepStatistics = true });
        PreparedQuery query = engine.PrepareRange(
            "rate(x[5m])", 10 * 60_000, 12 * 60_000, 60_000, new QueryOptions { PerStepStatistics = true });

        QueryStatistics statistics = (await engine.ExecuteAsync(query, storage, CancellationToken.None)).Statistics;

        // Five samples a window; the second and third step read one more each.
        Assert.Equal([5, 5, 5], statistics.TotalSamplesPerStep.ToArray());
        Assert.Equal([5, 1, 1], statistics.SamplesReadPerStep.ToArray());
        Assert.Equal(15, statistics.TotalSamples);
        Assert.Equal(7, statistics.SamplesRead);
    }

    [Fact]
    public async Task Annotations_tell_where_in_the_query_they_belong()
    {
        MemoryStorage storage = Load("x 0+1x20");

        QueryResult result = await InstantAsync(storage, "sum(\n  rate(x[5m])) + quantile(2, x)", 10);

        (IReadOnlyList<string> warnings, IReadOnlyList<string> infos) = result.Annotations.ToTexts();
        Assert.Equal(["PromQL warning: quantile value should be between 0 and 1, got 2 (2:27)"], warnings);
        Assert.Equal(["PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"x\" (2:8)"], infos);
    }

    [Fact]
    public async Task More_annotations_than_wanted_are_counted()
    {
        MemoryStorage storage = Load("a 0+1x20", "b 0+1x20", "c 0+1x20");

        QueryResult result = await InstantAsync(storage, "sum(rate({__name__=~\"a|b|c\"}[5m]))", 10, new QueryEngineOptions { DelayedNameRemoval = true });

        (_, IReadOnlyList<string> infos) = result.Annotations.ToTexts(10, 1);
        Assert.Equal(2, infos.Count);
        Assert.Equal("2 more info annotations omitted", infos[1]);
    }

    // Texts from util/annotations: with type-and-unit-labels the type tells a counter, not the name.
    [Theory]
    [InlineData("x_total{__type__=\"gauge\"}", "PromQL info: metric might not be a counter, __type__ label is not set to \"counter\" or \"histogram\", got \"gauge\": \"x_total\" (1:6)")]
    [InlineData("x_total", "PromQL info: metric might not be a counter, __type__ label is not set to \"counter\" or \"histogram\", got \"\": \"x_total\" (1:6)")]
    [InlineData("x{__type__=\"counter\"}", null)]
    [InlineData("x{__type__=\"histogram\"}", null)]
    public async Task The_type_label_tells_counters_where_there_is_one(string series, string? info)
    {
        MemoryStorage storage = Load(series + " 0+60x10");

        QueryResult result = await InstantAsync(storage, $"rate({series}[5m])", 5, new QueryEngineOptions { TypeAndUnitLabels = true });

        Assert.Equal(info is null ? [] : [info], result.Annotations.ToTexts().Infos);
        Assert.Equal(["{} 1@300"], Show(result));
    }
}
