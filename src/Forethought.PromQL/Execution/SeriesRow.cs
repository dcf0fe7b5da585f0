using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// What operators hand to each other: one series over all steps. Whoever receives a row owns it and returns it to the
/// <see cref="RowPool"/> or hands it on; nobody keeps a row it has handed on. Not thread-safe.
/// </summary>
/// <remarks>
/// Values at absent steps are arbitrary: arithmetic runs over them and nobody looks. The arrays are as long as the steps
/// rounded up to a multiple of eight, so that loops over vectors of eight need no rest loop. Histograms are shared between
/// rows and steps and never changed in place: whoever changes one copies it first.
/// </remarks>
internal sealed class SeriesRow
{
    private byte[] _labels = new byte[128];
    private int _labelsLength;

    public SeriesRow(int steps)
    {
        Steps = steps;
        Values = new double[PaddedLength(steps)];
        Present = new ulong[StepBits.Words(Values.Length)];
    }

    /// <summary>The number of steps.</summary>
    public int Steps { get; }

    /// <summary>Float values by step.</summary>
    public double[] Values { get; }

    /// <summary>The steps at which the series has a sample, float or histogram.</summary>
    public ulong[] Present { get; }

    /// <summary>Histograms by step, null where the sample is a float; null as a whole if none is a histogram.</summary>
    public FloatHistogram?[]? Histograms { get; set; }

    /// <summary>Whether name, type and unit are dropped when the query ends (delayed name removal).</summary>
    public bool DropName { get; set; }

    /// <summary>The packed labels, valid until they are set again.</summary>
    public ReadOnlySpan<byte> Labels => _labels.AsSpan(0, _labelsLength);

    /// <summary>The number of steps with a sample.</summary>
    public int CountPresent() => StepBits.Count(Present);

    /// <summary>Whether the sample at a present step is a float.</summary>
    public bool IsFloat(int step) => Histograms is null || Histograms[step] is null;

    /// <summary>Copies packed labels into the row; they may be the row's own.</summary>
    public void SetLabels(ReadOnlySpan<byte> packed)
    {
        if (packed.Length > _labels.Length)
        {
            byte[] grown = new byte[Math.Max(packed.Length, 2 * _labels.Length)];
            packed.CopyTo(grown);
            _labels = grown;
        }
        else
        {
            packed.CopyTo(_labels);
        }

        _labelsLength = packed.Length;
    }

    public void SetFloat(int step, double value)
    {
        Values[step] = value;
        StepBits.Set(Present, step);
    }

    public void SetHistogram(int step, FloatHistogram histogram)
    {
        Histograms ??= new FloatHistogram?[Values.Length];
        Histograms[step] = histogram;
        StepBits.Set(Present, step);
    }

    /// <summary>Copies the sample of another row at one step, which must be present there.</summary>
    public void CopySample(SeriesRow source, int step)
    {
        if (source.Histograms?[step] is { } histogram)
            SetHistogram(step, histogram);
        else
            SetFloat(step, source.Values[step]);
    }

    /// <summary>Removes the sample of a step.</summary>
    public void Remove(int step)
    {
        StepBits.Clear(Present, step);
        if (Histograms is not null)
            Histograms[step] = null;
    }

    /// <summary>Removes histogram samples; true if there were any.</summary>
    public bool RemoveHistograms()
    {
        if (Histograms is null)
            return false;
        bool removed = false;
        foreach (int step in StepBits.Walk(Present))
        {
            if (Histograms[step] is null)
                continue;
            StepBits.Clear(Present, step);
            removed = true;
        }

        Histograms = null;
        return removed;
    }

    /// <summary>Forgets samples and labels.</summary>
    public void Clear()
    {
        Present.AsSpan().Clear();
        Histograms = null;
        DropName = false;
        _labelsLength = 0;
    }

    /// <summary>
    /// The samples as upstream counts them: a float is one, a histogram as many as 16-byte samples would fit into its memory.
    /// </summary>
    public int CountSamples()
    {
        int count = CountPresent();
        if (Histograms is null)
            return count;
        foreach (int step in StepBits.Walk(Present))
        {
            if (Histograms[step] is { } histogram)
                count += HistogramWeight.Of(histogram) - 1;
        }

        return count;
    }

    /// <summary>Steps rounded up to a multiple of eight.</summary>
    public static int PaddedLength(int steps) => (steps + 7) & ~7;
}
