namespace Forethought.PromQL.Execution;

/// <summary>
/// An operator that hands out an instant vector at every step, series by series. Several rows may carry the same labels as
/// long as no step has two of them; <see cref="RowUnion"/> joins such rows.
/// Where the summary of an operator says that it streams it holds one row at a time, otherwise it says what it holds; a row takes
/// 9 bytes a step, plus its labels and histograms.
/// </summary>
internal abstract class VectorOperator(EvaluationScope scope, params PlanOperator[] inputs) : PlanOperator(scope)
{
    private bool _began;
    private bool _ended;

    protected RowPool Rows => Scope.Rows;

    /// <summary>Whether the rows are those of the (only) input, changed in place: then upstream counts no further samples.</summary>
    protected virtual bool IsInPlace => false;

    /// <summary>Whether upstream lets go of all inputs before it holds a result, as aggregations do.</summary>
    protected virtual bool ConsumesInputsFirst => false;

    /// <summary>Series of which upstream holds a sample for a moment beside what the operator hands out.</summary>
    protected virtual long SeriesBeside => 0;

    /// <summary>The next row with at least one sample, which belongs to the caller; null at the end.</summary>
    /// <exception cref="PromQlException">The query failed.</exception>
    public SeriesRow? Next()
    {
        if (_ended)
            return null;
        SeriesRow? row = Produce();
        if (!_began)
            Begin();
        if (row is null)
        {
            End();
            return null;
        }

        OutputSeries++;
        if (!IsInPlace)
        {
            int samples = row.CountSamples();
            OutputSamples += samples;
            Scope.Run.Account.Add(samples);
        }

        return row;
    }

    /// <summary>The next row, see <see cref="Next"/>.</summary>
    protected abstract SeriesRow? Produce();

    /// <summary>Returns a row without samples to the pool; true if it was one.</summary>
    protected bool DropIfEmpty(SeriesRow row)
    {
        if (!StepBits.IsEmpty(row.Present))
            return false;
        Rows.Return(row);
        return true;
    }

    private void Begin()
    {
        _began = true;
        if (ConsumesInputsFirst)
            ReleaseInputs();
    }

    // Upstream holds the inputs until the operator is done, and on top of them, for a moment, the vectors of one step.
    private void End()
    {
        _ended = true;
        if (IsInPlace)
        {
            OutputSamples = inputs[0].OutputSamples;
            return;
        }

        if (ConsumesInputsFirst)
            return;
        long series = SeriesBeside;
        foreach (PlanOperator input in inputs)
            series += input.OutputSeries;
        Scope.Run.Account.Touch(series);
        ReleaseInputs();
    }

    private void ReleaseInputs()
    {
        foreach (PlanOperator input in inputs)
            Scope.Run.Account.Release(input.OutputSamples);
    }
}
