using System.Runtime.Intrinsics;
using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>
/// <c>stdvar</c> and <c>stddev</c> of the population by Welford's method, without compensation, as upstream. Histograms are
/// passed over with an info.
/// </summary>
internal sealed class VarianceAccumulator(int steps, bool root, Annotator annotator, PositionRange position) : Accumulator
{
    private readonly double[] _squares = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _means = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _counts = new double[SeriesRow.PaddedLength(steps)];
    private readonly FloatSteps _floatSteps = new(steps);

    public override void Add(SeriesRow row)
    {
        ulong[] floats = _floatSteps.Of(row);
        if (row.Histograms is not null)
            annotator.HistogramIgnoredInAggregation(root ? "stddev" : "stdvar", position);
        for (int s = 0; s < _counts.Length; s += 8)
        {
            byte present = (byte)(floats[s >> 6] >> (s & 63));
            if (present == 0)
                continue;
            Vector512<double> lanes = StepBits.LanesOf(present);
            Vector512<double> value = Vector512.Create(row.Values, s);
            Vector512<double> oldCount = Vector512.Create(_counts, s);
            Vector512<double> oldMean = Vector512.Create(_means, s);
            Vector512<double> oldSquares = Vector512.Create(_squares, s);
            Vector512<double> first = Vector512.Equals(oldCount, Vector512<double>.Zero);
            Vector512<double> count = oldCount + Vector512.Create(1.0);
            Vector512<double> delta = value - oldMean;
            Vector512<double> mean = Vector512.ConditionalSelect(first, value, oldMean + (delta / count));
            Vector512<double> squares = oldSquares + (delta * (value - mean));

            // A first value that is no number makes the whole group NaN.
            squares = Vector512.ConditionalSelect(first, NaNUnlessFinite(value), squares);
            Vector512.ConditionalSelect(lanes, count, oldCount).CopyTo(_counts, s);
            Vector512.ConditionalSelect(lanes, mean, oldMean).CopyTo(_means, s);
            Vector512.ConditionalSelect(lanes, squares, oldSquares).CopyTo(_squares, s);
        }
    }

    public override void Complete(SeriesRow row)
    {
        for (int s = 0; s < row.Steps; s++)
        {
            if (_counts[s] == 0)
                continue;
            double variance = _squares[s] / _counts[s];
            row.SetFloat(s, root ? Math.Sqrt(variance) : variance);
        }
    }

    private static Vector512<double> NaNUnlessFinite(Vector512<double> value) => Vector512.ConditionalSelect(
        Vector512.LessThanOrEqual(Vector512.Abs(value), Vector512.Create(double.MaxValue)),
        Vector512<double>.Zero,
        Vector512.Create(StaleMarker.NormalNaN));
}
