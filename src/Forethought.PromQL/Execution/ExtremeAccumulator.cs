using System.Runtime.Intrinsics;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary><c>min</c> and <c>max</c>: NaN only if all values are. Histograms are passed over with an info.</summary>
internal sealed class ExtremeAccumulator(int steps, bool least, Annotator annotator, PositionRange position) : Accumulator
{
    private readonly double[] _values = new double[SeriesRow.PaddedLength(steps)];
    private readonly ulong[] _seen = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];
    private readonly FloatSteps _floatSteps = new(steps);

    public override void Add(SeriesRow row)
    {
        ulong[] floats = _floatSteps.Of(row);
        if (row.Histograms is not null)
            annotator.HistogramIgnoredInAggregation(least ? "min" : "max", position);
        double[] values = row.Values;
        for (int s = 0; s < values.Length; s += 8)
        {
            byte present = (byte)(floats[s >> 6] >> (s & 63));
            if (present == 0)
                continue;
            Vector512<double> candidate = Vector512.Create(values, s);
            Vector512<double> current = Vector512.Create(_values, s);
            Vector512<double> better = least ? Vector512.GreaterThan(current, candidate) : Vector512.LessThan(current, candidate);
            Vector512<double> taken = better | ~Vector512.Equals(current, current) | ~StepBits.Lanes(_seen, s);
            Vector512.ConditionalSelect(taken & StepBits.LanesOf(present), candidate, current).CopyTo(_values, s);
        }

        StepBits.Or(_seen, floats);
    }

    public override void Complete(SeriesRow row)
    {
        _seen.CopyTo(row.Present, 0);
        _values.CopyTo(row.Values, 0);
    }
}
