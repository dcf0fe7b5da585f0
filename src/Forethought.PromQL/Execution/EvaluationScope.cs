namespace Forethought.PromQL.Execution;

/// <summary>
/// What the operators over one grid share: the query has one scope, and each subquery and each part that is evaluated once has
/// its own.
/// </summary>
internal sealed class EvaluationScope
{
    /// <param name="run">The query.</param>
    /// <param name="grid">The steps.</param>
    /// <param name="isInstant">Whether start and end are one time. A range that ends before its second step is none.</param>
    /// <param name="perStepStatistics">Whether statistics are kept for each step.</param>
    public EvaluationScope(QueryRun run, StepGrid grid, bool isInstant, bool perStepStatistics)
    {
        Run = run;
        Grid = grid;
        IsInstant = isInstant;
        Rows = new RowPool(grid, run.Account);
        Statistics = new QueryStatistics(grid, perStepStatistics);
    }

    public QueryRun Run { get; }

    public StepGrid Grid { get; }

    /// <summary>Whether there is one step and the order of the result means something.</summary>
    public bool IsInstant { get; }

    public RowPool Rows { get; }

    public QueryStatistics Statistics { get; }
}
