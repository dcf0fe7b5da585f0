using System.Runtime.Intrinsics;
using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>
/// <c>avg</c>: compensated sums divided at the end, eight steps at a time; a step whose sum would overflow goes over to
/// carrying the mean along. Histograms beside them where there are any.
/// </summary>
internal sealed class MeanAccumulator(int steps, Annotator annotator, PositionRange position) : Accumulator
{
    private readonly double[] _sums = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _compensations = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _counts = new double[SeriesRow.PaddedLength(steps)];
    private readonly ulong[] _seen = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];
    private readonly FloatSteps _floatSteps = new(steps);

    // The steps that have gone over to the running mean, which is then what _sums holds.
    private readonly ulong[] _incremental = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];
    private HistogramColumn? _histograms;

    public override void Add(SeriesRow row)
    {
        if (row.Histograms is not null)
            (_histograms ??= new HistogramColumn(steps, isMean: true, annotator, position)).Add(row);
        ulong[] floats = _floatSteps.Of(row);
        double[] values = row.Values;
        for (int s = 0; s < values.Length; s += 8)
        {
            byte present = (byte)(floats[s >> 6] >> (s & 63));
            if (present == 0)
                continue;
            bool plain = (byte)(_incremental[s >> 6] >> (s & 63)) == 0;
            if (!plain || !TryAddLanes(values, s, present))
                AddOneByOne(values, s, present);
        }

        StepBits.Or(_seen, floats);
    }

    public override void Complete(SeriesRow row)
    {
        _seen.CopyTo(row.Present, 0);
        for (int s = 0; s < _sums.Length; s++)
        {
            row.Values[s] = StepBits.Has(_incremental, s)
                ? _sums[s] + _compensations[s]
                : (_sums[s] / _counts[s]) + (_compensations[s] / _counts[s]);
        }

        _histograms?.Complete(row, _seen);
    }

    // False, without a change, if a sum would overflow.
    private bool TryAddLanes(double[] values, int s, byte present)
    {
        Vector512<double> presentLanes = StepBits.LanesOf(present);
        Vector512<double> seenLanes = StepBits.LanesOf((byte)(_seen[s >> 6] >> (s & 63)));
        Vector512<double> increment = Vector512.Create(values, s);
        Vector512<double> oldSum = Vector512.Create(_sums, s);
        Vector512<double> oldCompensation = Vector512.Create(_compensations, s);
        (Vector512<double> sum, Vector512<double> compensation) = (oldSum, oldCompensation);
        KahanLanes.Add(increment, ref sum, ref compensation);
        Vector512<double> overflows = Vector512.GreaterThan(Vector512.Abs(sum), Vector512.Create(double.MaxValue));
        if ((overflows & presentLanes & seenLanes) != Vector512<double>.Zero)
            return false;
        sum = Vector512.ConditionalSelect(seenLanes, sum, increment);
        compensation = Vector512.ConditionalSelect(seenLanes, compensation, Vector512<double>.Zero);
        Vector512.ConditionalSelect(presentLanes, sum, oldSum).CopyTo(_sums, s);
        Vector512.ConditionalSelect(presentLanes, compensation, oldCompensation).CopyTo(_compensations, s);
        (Vector512.Create(_counts, s) + (presentLanes & Vector512.Create(1.0))).CopyTo(_counts, s);
        return true;
    }

    private void AddOneByOne(double[] values, int s, byte present)
    {
        for (int lane = 0; lane < 8; lane++)
        {
            if ((present >> lane & 1) != 0)
                AddOne(s + lane, values[s + lane]);
        }
    }

    private void AddOne(int step, double value)
    {
        double count = ++_counts[step];
        if (!StepBits.Has(_seen, step))
        {
            _sums[step] = value;
            return;
        }

        if (!StepBits.Has(_incremental, step))
        {
            (double sum, double compensation) = (_sums[step], _compensations[step]);
            KahanSum.Add(value, ref sum, ref compensation);
            if (!double.IsInfinity(sum))
            {
                (_sums[step], _compensations[step]) = (sum, compensation);
                return;
            }

            StepBits.Set(_incremental, step);
            _sums[step] /= count - 1;
            _compensations[step] /= count - 1;
        }

        double share = (count - 1) / count;
        _sums[step] *= share;
        _compensations[step] *= share;
        KahanSum.Add(value / count, ref _sums[step], ref _compensations[step]);
    }
}
