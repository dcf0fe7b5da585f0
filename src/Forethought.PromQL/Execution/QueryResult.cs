namespace Forethought.PromQL.Execution;

/// <summary>
/// The answer of a query as columns, to be written out without making an object a sample. Histograms in it are shared and must
/// not be changed. Safe to read from any thread.
/// </summary>
public sealed class QueryResult
{
    internal QueryResult(QueryResultKind kind, StepGrid grid, IReadOnlyList<ResultSeries> series, QueryAnnotations annotations, QueryStatistics statistics)
    {
        Kind = kind;
        StartMs = grid.StartMs;
        StepMs = grid.StepMs;
        StepCount = grid.Count;
        Series = series;
        Annotations = annotations;
        Statistics = statistics;
    }

    /// <summary>The type.</summary>
    public QueryResultKind Kind { get; }

    /// <summary>The time of step 0, milliseconds since the Unix epoch: the time of a scalar, string or vector.</summary>
    public long StartMs { get; }

    /// <summary>The distance of two steps in milliseconds.</summary>
    public long StepMs { get; }

    /// <summary>The number of steps; 1 for an instant query.</summary>
    public int StepCount { get; }

    /// <summary>The series of a vector or matrix; a vector's have their one sample at index 0.</summary>
    public IReadOnlyList<ResultSeries> Series { get; }

    /// <summary>The value of a scalar.</summary>
    public double ScalarValue { get; internal init; }

    /// <summary>The value of a string.</summary>
    public string StringValue { get; internal init; } = "";

    /// <summary>Warnings and infos.</summary>
    public QueryAnnotations Annotations { get; }

    /// <summary>What the query cost.</summary>
    public QueryStatistics Statistics { get; }

    /// <summary>The time of a step in milliseconds since the Unix epoch.</summary>
    public long TimeAt(int step) => StartMs + (step * StepMs);
}
