using Forethought.Client;
using Forethought.PromQL.Planning;
using Forethought.PromQL.Syntax;
using Forethought.Storage;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.PromQL.Execution;

/// <summary>
/// Evaluates PromQL: parses a query, waits for a slot among the concurrent ones, selects the series of all its selectors and
/// runs the plan on the engine's own threads. Thread-safe.
/// </summary>
public sealed class QueryEngine : IDisposable
{
    private readonly QueryEngineOptions _options;
    private readonly TimeProvider _time;
#pragma warning disable CA2213 // A semaphore whose wait handle is never asked for holds nothing; queries that still run release it.
    private readonly SemaphoreSlim _slots;
#pragma warning restore CA2213
    private readonly QueryScheduler _scheduler;
    private readonly QueryEngineMetrics _metrics;

    /// <summary>Makes an engine.</summary>
    public QueryEngine(QueryEngineOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _slots = new SemaphoreSlim(options.MaxConcurrency);
        _scheduler = new QueryScheduler(options.WorkerThreads);
        _metrics = new QueryEngineMetrics(options.MaxConcurrency, time);
    }

    /// <summary>The engine's metrics, to be registered by the owner: <c>prometheus_engine_*</c>.</summary>
    public ICollector Metrics => _metrics;

    /// <summary>Parses a query for one point in time.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="timeMs">Milliseconds since the Unix epoch.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="PromQlParseException">The text is no valid expression.</exception>
    /// <exception cref="PromQlException">A duration in it cannot be computed.</exception>
    public PreparedQuery PrepareInstant(string text, long timeMs, QueryOptions? options = null) =>
        Prepare(text, timeMs, timeMs, 0, options);

    /// <summary>Parses a query for the steps from a start to an end.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="startMs">The first step, milliseconds since the Unix epoch.</param>
    /// <param name="endMs">No step comes after this, milliseconds since the Unix epoch.</param>
    /// <param name="stepMs">The distance of two steps in milliseconds, positive.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="PromQlParseException">The text is no valid expression.</exception>
    /// <exception cref="PromQlException">The expression has no value at each step, or a duration in it cannot be computed.</exception>
    public PreparedQuery PrepareRange(string text, long startMs, long endMs, long stepMs, QueryOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepMs);
        return Prepare(text, startMs, endMs, stepMs, options);
    }

    /// <summary>Runs a query.</summary>
    /// <exception cref="PromQlException">The query failed, ran too long or was canceled.</exception>
    public async Task<QueryResult> ExecuteAsync(PreparedQuery query, IQueryable storage, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        TimeSpan lookback = query.Options.LookbackDelta is { Ticks: > 0 } given ? given : _options.LookbackDelta;
        var run = new QueryRun(
            _options, lookback.Ticks / TimeSpan.TicksPerMillisecond, new QueryAnnotations(query.Text), timeout.Token, cancellationToken);
        _metrics.Began();
        try
        {
            await WaitForSlotAsync(run, stop.Token).ConfigureAwait(false);
            try
            {
                TimeSpan queued = _time.GetElapsedTime(started);
                QueryResult result = await EvaluateAsync(run, query, storage, stop.Token).ConfigureAwait(false);
                result.Statistics.QueueTime = queued;
                result.Statistics.ExecutionTotalTime = _time.GetElapsedTime(started);
                _metrics.Succeeded(result.Statistics);
                return result;
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            _metrics.Ended(run.Statistics);
        }
    }

    /// <summary>Lets the engine's threads end; queries that run are finished.</summary>
    public void Dispose() => _scheduler.Dispose();

    private PreparedQuery Prepare(string text, long startMs, long endMs, long stepMs, QueryOptions? options)
    {
        Expr expression = PromQlParser.ParseExpression(text, _options.Parser);
        if (stepMs > 0 && expression.Type is not (ExprType.Vector or ExprType.Scalar))
        {
            throw new PromQlException(
                $"invalid expression type \"{expression.Type.DocumentedName()}\" for range query, must be Scalar or instant Vector");
        }

        var query = new PreparedQuery(text, expression, startMs, endMs, stepMs, options ?? QueryOptions.Default);
        _ = new SelectorPlan(query, _options, lookbackMs: 0);
        return query;
    }

    private async Task WaitForSlotAsync(QueryRun run, CancellationToken stop)
    {
        try
        {
            await _slots.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            run.ThrowIfStopped("query queue");
            throw;
        }
    }

    private async Task<QueryResult> EvaluateAsync(QueryRun run, PreparedQuery query, IQueryable storage, CancellationToken stop)
    {
        long started = _time.GetTimestamp();
        run.ThrowIfStopped("query execution");
        var plan = new SelectorPlan(query, _options, run.LookbackMs);
        (long minTimeMs, long maxTimeMs) = plan.TimeRange;
        var sets = new List<ISeriesSet>(plan.Leaves.Count);
        using IQuerier querier = storage.OpenQuerier(minTimeMs, maxTimeMs);
        try
        {
            foreach (SelectorLeaf leaf in plan.Leaves)
                sets.Add(await SelectAsync(run, querier, leaf, stop).ConfigureAwait(false));
            TimeSpan prepared = _time.GetElapsedTime(started);
            QueryResult result = await _scheduler.RunAsync(() => Evaluate(run, query, plan, sets)).ConfigureAwait(false);
            result.Statistics.PreparationTime = prepared;
            result.Statistics.EvaluationTotalTime = _time.GetElapsedTime(started);
            return result;
        }
        finally
        {
            foreach (ISeriesSet set in sets)
                set.Dispose();
        }
    }

    private static async Task<ISeriesSet> SelectAsync(QueryRun run, IQuerier querier, SelectorLeaf leaf, CancellationToken stop)
    {
        try
        {
            return await querier.SelectAsync(leaf.Hints, leaf.Selector.Matchers, stop).ConfigureAwait(false);
        }
        catch (StorageException exception)
        {
            throw new PromQlException(PromQlErrorKind.Execution, "expanding series: " + exception.Message, exception);
        }
        catch (OperationCanceledException)
        {
            run.ThrowIfStopped();
            throw;
        }
    }

    private QueryResult Evaluate(QueryRun run, PreparedQuery query, SelectorPlan plan, List<ISeriesSet> sets)
    {
        long started = _time.GetTimestamp();
        bool perStep = _options.PerStepStatistics && query.Options.PerStepStatistics;
        var scope = new EvaluationScope(run, query.GridUpTo(_options.MaxSamples), query.StartMs == query.EndMs, perStep);
        QueryStatistics statistics = run.Statistics = scope.Statistics;
        var planner = new QueryPlanner(run, query, plan, sets);
        var assembly = new ResultAssembly(scope, query, _time);
        QueryResult result = assembly.Assemble(planner);
        statistics.InnerEvaluationTime = _time.GetElapsedTime(started) - statistics.ResultSortTime;
        statistics.PeakSamples = run.Account.Peak;
        statistics.PeakBytes = run.Account.PeakBytes;
        return result;
    }
}
