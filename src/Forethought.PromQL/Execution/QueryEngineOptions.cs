using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>What a <see cref="QueryEngine"/> allows and how it evaluates. The defaults are the server's.</summary>
public sealed record QueryEngineOptions
{
    /// <summary>The most samples a query may hold, as upstream counts them (<c>--query.max-samples</c>): 50,000,000.</summary>
    public long MaxSamples { get; init; } = 50_000_000;

    /// <summary>How long a query may run (<c>--query.timeout</c>): 2 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How old the sample an instant selector finds may be (<c>--query.lookback-delta</c>): 5 minutes.</summary>
    public TimeSpan LookbackDelta { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many queries run at a time, further ones wait (<c>--query.max-concurrency</c>): 20.</summary>
    public int MaxConcurrency { get; init; } = 20;

    /// <summary>The threads that evaluate queries: one for each processor.</summary>
    public int WorkerThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The step of a subquery that gives none, from its range; the server answers its <c>global.evaluation_interval</c>, which a
    /// reload changes. Asked once for each subquery and query. Default: 1 minute.
    /// </summary>
    public Func<TimeSpan, TimeSpan> DefaultSubqueryStep { get; init; } = static _ => TimeSpan.FromMinutes(1);

    /// <summary>The language accepted.</summary>
    public ParserOptions Parser { get; init; } = ParserOptions.Default;

    /// <summary>Drops metric names at the end of a query instead of at each function (<c>promql-delayed-name-removal</c>).</summary>
    public bool DelayedNameRemoval { get; init; }

    /// <summary>Whether <c>rate</c> and its kin look at start timestamps (<c>use-start-timestamps</c>).</summary>
    public bool UseStartTimestamps { get; init; }

    /// <summary>Whether series carry <c>__type__</c> and <c>__unit__</c> (<c>type-and-unit-labels</c>).</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>Whether statistics by step are kept for queries that ask for them (<c>promql-per-step-stats</c>).</summary>
    public bool PerStepStatistics { get; init; }
}
