using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary><c>scalar(v)</c>: the float of the step's only float sample, NaN if there is none or more than one.</summary>
internal sealed class VectorToScalar(EvaluationScope scope, VectorOperator input) : ScalarOperator(scope, input)
{
    protected override void Fill(double[] values)
    {
        ulong[] found = new ulong[StepBits.Words(values.Length)];
        ulong[] repeated = new ulong[StepBits.Words(values.Length)];
        while (input.Next() is { } row)
        {
            foreach (int step in StepBits.Walk(row.Present))
            {
                if (!row.IsFloat(step))
                    continue;
                if (StepBits.Has(found, step))
                    StepBits.Set(repeated, step);
                StepBits.Set(found, step);
                values[step] = row.Values[step];
            }

            Scope.Rows.Return(row);
        }

        for (int s = 0; s < Grid.Count; s++)
        {
            if (!StepBits.Has(found, s) || StepBits.Has(repeated, s))
                values[s] = StaleMarker.NormalNaN;
        }
    }
}
