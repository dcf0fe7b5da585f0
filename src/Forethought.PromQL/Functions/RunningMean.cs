using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>
/// An arithmetic mean: the compensated sum divided at the end, unless the sum would overflow; from there on the mean itself is
/// carried along. The operations are upstream's, in their order.
/// </summary>
internal struct RunningMean(double first)
{
    private double _sum = first;
    private double _mean;
    private double _compensation;
    private double _count = 1;
    private bool _incremental;

    /// <summary>The mean of the values so far.</summary>
    public readonly double Result => _incremental ? _mean + _compensation : (_sum / _count) + (_compensation / _count);

    public void Add(double value)
    {
        _count++;
        if (!_incremental)
        {
            double sum = _sum;
            double compensation = _compensation;
            KahanSum.Add(value, ref sum, ref compensation);
            if (!double.IsInfinity(sum))
            {
                _sum = sum;
                _compensation = compensation;
                return;
            }

            _incremental = true;
            _mean = _sum / (_count - 1);
            _compensation /= _count - 1;
        }

        double share = (_count - 1) / _count;
        _mean *= share;
        _compensation *= share;
        KahanSum.Add(value / _count, ref _mean, ref _compensation);
    }
}
