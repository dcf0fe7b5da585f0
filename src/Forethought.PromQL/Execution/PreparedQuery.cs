using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>A parsed and checked query with its times. Immutable; it can be run any number of times, also at the same time.</summary>
public sealed class PreparedQuery
{
    internal PreparedQuery(string text, Expr expression, long startMs, long endMs, long stepMs, QueryOptions options)
    {
        Text = text;
        Expression = expression;
        StartMs = startMs;
        EndMs = endMs;
        StepMs = stepMs;
        Options = options;
    }

    /// <summary>The query as written.</summary>
    public string Text { get; }

    /// <summary>The syntax tree.</summary>
    public Expr Expression { get; }

    /// <summary>The first (or only) time evaluated, milliseconds since the Unix epoch.</summary>
    public long StartMs { get; }

    /// <summary>The end of the range; the last step is the last one not after it.</summary>
    public long EndMs { get; }

    /// <summary>The step in milliseconds; 0 for an instant query.</summary>
    public long StepMs { get; }

    /// <summary>Whether it is an instant query.</summary>
    public bool IsInstant => StepMs == 0;

    /// <summary>What the query asks for.</summary>
    public QueryOptions Options { get; }

    // An instant query is a range query of one step; its step then only has to be positive.
    internal StepGrid GridUpTo(long maxSteps) => StepGrid.Between(StartMs, EndMs, Math.Max(1, StepMs), Math.Max(1, maxSteps));
}
