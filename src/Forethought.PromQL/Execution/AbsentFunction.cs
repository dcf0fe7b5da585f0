using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// <c>absent</c> and <c>absent_over_time</c>: 1 at the steps at which the input has no sample. Reads the input to its end and
/// keeps one bit a step.
/// </summary>
internal sealed class AbsentFunction(EvaluationScope scope, VectorOperator input, Labels labels, bool overTime) : VectorOperator(scope, input)
{
    private bool _done;

    protected override SeriesRow? Produce()
    {
        if (_done || Grid.Count == 0)
            return null;
        _done = true;
        SeriesRow row = Rows.Rent();
        StepBits.SetFirst(row.Present, Grid.Count);
        while (input.Next() is { } present)
        {
            for (int word = 0; word < row.Present.Length; word++)
                row.Present[word] &= ~present.Present[word];
            Rows.Return(present);
        }

        row.Values.AsSpan().Fill(1);
        row.SetLabels(labels.Packed);
        row.DropName = overTime;
        return DropIfEmpty(row) ? null : row;
    }
}
