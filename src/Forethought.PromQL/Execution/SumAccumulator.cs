using System.Runtime.Intrinsics;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary><c>sum</c>: compensated sums of floats, eight steps at a time; histograms beside them where there are any.</summary>
internal sealed class SumAccumulator(int steps, Annotator annotator, PositionRange position) : Accumulator
{
    private readonly double[] _sums = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _compensations = new double[SeriesRow.PaddedLength(steps)];
    private readonly ulong[] _seen = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];
    private readonly FloatSteps _floatSteps = new(steps);
    private HistogramColumn? _histograms;

    public override void Add(SeriesRow row)
    {
        if (row.Histograms is not null)
            (_histograms ??= new HistogramColumn(steps, isMean: false, annotator, position)).Add(row);
        ulong[] floats = _floatSteps.Of(row);
        double[] values = row.Values;
        for (int s = 0; s < values.Length; s += 8)
        {
            byte present = (byte)(floats[s >> 6] >> (s & 63));
            if (present == 0)
                continue;
            byte seen = (byte)(_seen[s >> 6] >> (s & 63));
            Vector512<double> increment = Vector512.Create(values, s);
            Vector512<double> sum = Vector512.Create(_sums, s);
            Vector512<double> compensation = Vector512.Create(_compensations, s);
            (Vector512<double> oldSum, Vector512<double> oldCompensation) = (sum, compensation);
            KahanLanes.Add(increment, ref sum, ref compensation);
            if ((present & seen) != byte.MaxValue)
            {
                // A group's first value is taken as it is, which keeps the sign of a zero.
                Vector512<double> seenLanes = StepBits.LanesOf(seen);
                Vector512<double> presentLanes = StepBits.LanesOf(present);
                sum = Vector512.ConditionalSelect(seenLanes, sum, increment);
                compensation = Vector512.ConditionalSelect(seenLanes, compensation, Vector512<double>.Zero);
                sum = Vector512.ConditionalSelect(presentLanes, sum, oldSum);
                compensation = Vector512.ConditionalSelect(presentLanes, compensation, oldCompensation);
            }

            sum.CopyTo(_sums, s);
            compensation.CopyTo(_compensations, s);
        }

        StepBits.Or(_seen, floats);
    }

    public override void Complete(SeriesRow row)
    {
        _seen.CopyTo(row.Present, 0);
        for (int s = 0; s < _sums.Length; s += 8)
            (Vector512.Create(_sums, s) + Vector512.Create(_compensations, s)).CopyTo(row.Values, s);
        _histograms?.Complete(row, _seen);
    }
}
