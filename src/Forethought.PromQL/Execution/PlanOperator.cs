namespace Forethought.PromQL.Execution;

/// <summary>A node of a query's plan. Used by one thread at a time.</summary>
internal abstract class PlanOperator(EvaluationScope scope)
{
    protected EvaluationScope Scope => scope;

    protected StepGrid Grid => scope.Grid;

    /// <summary>The samples handed out so far as upstream counts them; final when the operator has ended.</summary>
    public long OutputSamples { get; protected set; }

    /// <summary>The series handed out so far.</summary>
    public long OutputSeries { get; protected set; }
}
