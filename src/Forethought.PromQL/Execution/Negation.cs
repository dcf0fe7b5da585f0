using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>A minus sign in front of a vector; histograms become gauges. Streams.</summary>
internal sealed class Negation : VectorOperator
{
    private readonly VectorOperator _input;
    private readonly LabelProjection _dropMetadata = LabelProjection.DroppingMetadata();
    private readonly LabelGuard? _guard;

    public Negation(EvaluationScope scope, VectorOperator input)
        : base(scope, input)
    {
        _input = input;
        _guard = scope.Run.Options.DelayedNameRemoval ? null : new LabelGuard(perStep: true);
    }

    protected override bool IsInPlace => true;

    protected override SeriesRow? Produce()
    {
        if (_input.Next() is not { } row)
            return null;
        foreach (ref double value in row.Values.AsSpan())
            value = -value;
        if (row.Histograms is not null)
            NegateHistograms(row);
        row.DropName = true;
        if (_guard is not null)
        {
            row.SetLabels(_dropMetadata.Apply(row.Labels));
            _guard.Check(row);
        }

        return row;
    }

    private static void NegateHistograms(SeriesRow row)
    {
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (row.Histograms![step] is not { } histogram)
                continue;
            FloatHistogram negated = histogram.Clone();
            negated.Multiply(-1);
            row.Histograms[step] = negated;
        }
    }
}
