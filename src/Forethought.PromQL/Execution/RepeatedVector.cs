namespace Forethought.PromQL.Execution;

/// <summary>A vector that is the same at all steps (<c>@</c> on everything below), evaluated once and repeated. Streams.</summary>
internal sealed class RepeatedVector(EvaluationScope scope, EvaluationScope innerScope, VectorOperator inner) : VectorOperator(scope)
{
    /// <summary>Statistics count the samples of the one evaluation at every step, but read only at the first.</summary>
    public static void CountRepeated(QueryStatistics statistics, QueryStatistics once, int steps)
    {
        if (!statistics.HasSteps)
        {
            statistics.CountAll(once.TotalSamples * steps, once.SamplesRead);
            return;
        }

        for (int s = 0; s < steps; s++)
            statistics.CountTotal(s, once.TotalSamples);
        if (steps > 0)
            statistics.CountRead(0, once.SamplesRead);
    }

    protected override SeriesRow? Produce()
    {
        if (inner.Next() is not { } once)
        {
            CountRepeated(Scope.Statistics, innerScope.Statistics, Grid.Count);
            return null;
        }

        // Upstream repeats a series in place, so the account lets go of each as it is repeated.
        Scope.Run.Account.Release(once.CountSamples());
        SeriesRow row = Rows.Rent();
        row.SetLabels(once.Labels);
        row.DropName = once.DropName;
        StepBits.SetFirst(row.Present, Grid.Count);
        if (once.IsFloat(0))
        {
            row.Values.AsSpan(0, Grid.Count).Fill(once.Values[0]);
        }
        else
        {
            row.Histograms = new Model.FloatHistogram?[row.Values.Length];
            row.Histograms.AsSpan(0, Grid.Count).Fill(once.Histograms![0]);
        }

        innerScope.Rows.Return(once);
        return row;
    }
}
