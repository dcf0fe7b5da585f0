namespace Forethought.PromQL.Execution;

/// <summary><c>timestamp()</c> of anything but a plain selector: the time of the step in seconds, wherever there is a sample.</summary>
internal sealed class TimestampFunction(EvaluationScope scope, VectorOperator input)
    : ElementwiseFunction(scope, input, LabelProjection.DroppingMetadata())
{
    protected override void Apply(SeriesRow row)
    {
        row.Histograms = null;
        for (int s = 0; s < row.Steps; s++)
            row.Values[s] = Grid.TimeAt(s) / 1000.0;
    }
}
