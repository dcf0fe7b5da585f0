using System.Runtime.Intrinsics;

namespace Forethought.PromQL.Execution;

/// <summary><c>count</c> and <c>group</c>, of floats and histograms alike.</summary>
internal sealed class CountAccumulator(int steps, bool groups) : Accumulator
{
    private readonly double[] _counts = new double[SeriesRow.PaddedLength(steps)];

    public override void Add(SeriesRow row)
    {
        for (int s = 0; s < _counts.Length; s += 8)
            (Vector512.Create(_counts, s) + (StepBits.Lanes(row.Present, s) & Vector512.Create(1.0))).CopyTo(_counts, s);
    }

    public override void Complete(SeriesRow row)
    {
        for (int s = 0; s < row.Steps; s++)
        {
            if (_counts[s] > 0)
                row.SetFloat(s, groups ? 1 : _counts[s]);
        }
    }
}
