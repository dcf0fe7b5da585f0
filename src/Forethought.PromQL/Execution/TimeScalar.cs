namespace Forethought.PromQL.Execution;

/// <summary><c>time()</c>: the time of each step in seconds.</summary>
internal sealed class TimeScalar(EvaluationScope scope) : ScalarOperator(scope)
{
    protected override void Fill(double[] values)
    {
        for (int s = 0; s < Grid.Count; s++)
            values[s] = Grid.TimeAt(s) / 1000.0;
    }
}
