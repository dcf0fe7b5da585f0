namespace Forethought.PromQL.Execution;

/// <summary>
/// What the operators over one grid share: the query has one scope, and each subquery and each part that is evaluated once has
/// its own.
/// </summary>
internal sealed class EvaluationScope
{
    public EvaluationScope(QueryRun run, StepGrid grid, bool perStepStatistics)
    {
        Run = run;
        Grid = grid;
        Rows = new RowPool(grid, run.Account);
        Statistics = new QueryStatistics(grid, perStepStatistics);
    }

    public QueryRun Run { get; }

    public StepGrid Grid { get; }

    public RowPool Rows { get; }

    public QueryStatistics Statistics { get; }
}
