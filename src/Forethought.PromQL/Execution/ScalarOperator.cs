namespace Forethought.PromQL.Execution;

/// <summary>An operator that yields one float at every step.</summary>
internal abstract class ScalarOperator(EvaluationScope scope, params PlanOperator[] inputs) : PlanOperator(scope)
{
    private double[]? _values;

    /// <summary>The floats by step, computed once; the array is padded like <see cref="SeriesRow.Values"/> and is not to be changed.</summary>
    /// <exception cref="PromQlException">The query failed.</exception>
    public double[] Evaluate()
    {
        if (_values is not null)
            return _values;
        Scope.Run.ThrowIfStopped();
        double[] values = new double[SeriesRow.PaddedLength(Grid.Count)];
        Fill(values);
        OutputSamples = Grid.Count;
        OutputSeries = 1;
        Scope.Run.Account.Add(OutputSamples);
        foreach (PlanOperator input in inputs)
            Scope.Run.Account.Release(input.OutputSamples);
        return _values = values;
    }

    protected abstract void Fill(double[] values);
}
