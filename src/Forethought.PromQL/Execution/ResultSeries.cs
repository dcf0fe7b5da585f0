using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// One series of a result: columns by step of the result's grid, or, for a range vector, by sample with the samples' own
/// times. Immutable once handed out; its columns must not be written to.
/// </summary>
public sealed class ResultSeries
{
    private readonly ulong[]? _present;

    internal ResultSeries(Labels labels, double[] values, FloatHistogram?[]? histograms, ulong[] present)
    {
        Labels = labels;
        Values = values;
        Histograms = histograms;
        _present = present;
        Count = StepBits.Count(present);
    }

    internal ResultSeries(Labels labels, double[] values, FloatHistogram?[]? histograms, long[] timesMs, int count)
    {
        Labels = labels;
        Values = values;
        Histograms = histograms;
        TimesMs = timesMs;
        Count = count;
    }

    /// <summary>The labels.</summary>
    public Labels Labels { get; }

    /// <summary>The number of samples, floats and histograms together.</summary>
    public int Count { get; }

    /// <summary>Float values by index; arbitrary where the index has no sample or a histogram. Longer than needed.</summary>
    public double[] Values { get; }

    /// <summary>Histograms by index, null where the sample is a float; null as a whole if none is a histogram.</summary>
    public FloatHistogram?[]? Histograms { get; }

    /// <summary>
    /// Times of the samples in milliseconds, by index, if the result is a range vector; null when the index is the step of the
    /// result's grid.
    /// </summary>
    public long[]? TimesMs { get; }

    /// <summary>
    /// The index of the next sample after <paramref name="index"/>, −1 at the end; start with −1.
    /// <code>for (int i = series.NextIndex(-1); i >= 0; i = series.NextIndex(i))</code>
    /// </summary>
    public int NextIndex(int index)
    {
        index++;
        if (_present is null)
            return index < Count ? index : -1;
        int word = index >> 6;
        if (word >= _present.Length)
            return -1;
        ulong rest = _present[word] & (ulong.MaxValue << (index & 63));
        while (rest == 0)
        {
            if (++word >= _present.Length)
                return -1;
            rest = _present[word];
        }

        return (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(rest);
    }
}
