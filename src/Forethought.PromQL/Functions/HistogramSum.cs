using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>
/// The compensated sum or mean of native histograms. A mean is a sum divided at the end, unless the sum overflows; from there
/// on the mean itself is carried along.
/// </summary>
internal sealed class HistogramSum
{
    private readonly bool _isMean;
    private FloatHistogram _value;
    private FloatHistogram? _compensation;
    private FloatHistogram? _nextValue;
    private double _count = 1;
    private bool _incremental;
    private bool _resetSeen;
    private bool _noResetSeen;

    public HistogramSum(FloatHistogram first, bool isMean)
    {
        _isMean = isMean;
        _value = first.Clone();
        NoteHint(first);
    }

    /// <summary>Whether some histograms said "reset" and some "no reset".</summary>
    public bool HasConflictingResets => _resetSeen && _noResetSeen;

    /// <summary>Whether custom bounds differed.</summary>
    public bool HasReconciledBounds { get; private set; }

    /// <summary>Adds a histogram, which is not changed; false if exponential and custom buckets meet, and then the sum is void.</summary>
    public bool Add(FloatHistogram histogram)
    {
        NoteHint(histogram);
        _count++;
        if (!_isMean)
            return Merge(_value, histogram, ref _compensation);
        if (!_incremental)
        {
            FloatHistogram sum = _nextValue ?? new FloatHistogram();
            _value.CopyTo(sum);
            FloatHistogram? compensation = _compensation?.Clone();
            if (!Merge(sum, histogram, ref compensation))
                return false;
            if (!sum.HasOverflow())
            {
                (_value, _nextValue) = (sum, _value);
                _compensation = compensation;
                return true;
            }

            _incremental = true;
            _value.Divide(_count - 1);
            _compensation?.Divide(_count - 1);
        }

        double share = (_count - 1) / _count;
        _compensation?.Multiply(share);
        _value.Multiply(share);
        FloatHistogram part = histogram.Clone();
        part.Divide(_count);
        return Merge(_value, part, ref _compensation);
    }

    /// <summary>The result, which belongs to the caller; the sum must not be used any more.</summary>
    public FloatHistogram Complete()
    {
        if (_isMean && !_incremental)
        {
            _value.Divide(_count);
            _compensation?.Divide(_count);
        }

        if (_compensation is not null)
            HistogramAddition.Add(_value, _compensation);
        return _value;
    }

    private bool Merge(FloatHistogram target, FloatHistogram other, ref FloatHistogram? compensation)
    {
        HistogramMergeResult result = HistogramAddition.AddCompensated(target, other, ref compensation);
        HasReconciledBounds |= (result & HistogramMergeResult.BoundsReconciled) != 0;
        return (result & HistogramMergeResult.Incompatible) == 0;
    }

    private void NoteHint(FloatHistogram histogram)
    {
        _resetSeen |= histogram.CounterResetHint == CounterResetHint.CounterReset;
        _noResetSeen |= histogram.CounterResetHint == CounterResetHint.NotCounterReset;
    }
}
