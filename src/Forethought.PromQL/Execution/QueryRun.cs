namespace Forethought.PromQL.Execution;

/// <summary>What all operators of one running query share. Used by one thread at a time.</summary>
internal sealed class QueryRun(
    QueryEngineOptions options, long lookbackMs, QueryAnnotations annotations, CancellationToken timeout, CancellationToken canceled)
{
    private const string Stage = "expression evaluation";

    public QueryEngineOptions Options => options;

    /// <summary>How far back an instant selector looks for a sample, milliseconds.</summary>
    public long LookbackMs => lookbackMs;

    public QueryAnnotations Annotations => annotations;

    public SampleAccount Account { get; } = new(options.MaxSamples);

    /// <summary>What the query cost so far; null until it is evaluated.</summary>
    public QueryStatistics? Statistics { get; set; }

    /// <summary>Ends the query when it was canceled or ran too long; operators ask once a series, and in between when one is much work.</summary>
    /// <exception cref="PromQlException">It is over.</exception>
    public void ThrowIfStopped() => ThrowIfStopped(Stage);

    /// <inheritdoc cref="ThrowIfStopped()"/>
    public void ThrowIfStopped(string stage)
    {
        if (canceled.IsCancellationRequested)
            throw PromQlException.Canceled(stage);
        if (timeout.IsCancellationRequested)
            throw PromQlException.TimedOut(stage);
    }
}
