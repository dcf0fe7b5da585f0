using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// The samples of one series without stale markers, floats and histograms apart, each in order of time. Valid until the source
/// moves on; histograms must be copied to be kept.
/// </summary>
internal sealed class SampleColumns
{
    private long[] _ownFloatTimes = [];
    private double[] _ownFloats = [];
    private long[] _ownFloatStarts = [];

    public int FloatCount { get; private set; }

    public long[] FloatTimes { get; private set; } = [];

    public double[] Floats { get; private set; } = [];

    /// <summary>Start timestamps of the floats, null when the series has none.</summary>
    public long[]? FloatStarts { get; private set; }

    public int HistogramCount { get; private set; }

    public long[] HistogramTimes { get; private set; } = [];

    public FloatHistogram[] Histograms { get; private set; } = [];

    /// <summary>Start timestamps of the histograms, null when the series has none.</summary>
    public long[]? HistogramStarts { get; private set; }

    /// <summary>Shows the samples of a batch; a batch of plain floats is not copied.</summary>
    public void Load(SampleBatch batch)
    {
        HistogramCount = 0;
        if (batch.AllKinds == SampleKind.Float)
        {
            FloatCount = batch.Count;
            FloatTimes = batch.TimesMs;
            Floats = batch.Values;
            FloatStarts = batch.StartTimesMs;
            return;
        }

        Reserve(batch);
        for (int i = 0; i < batch.Count; i++)
        {
            if ((batch.Kinds[i] & SampleKind.Stale) == 0)
                Append(batch, i);
        }
    }

    private void Reserve(SampleBatch batch)
    {
        if (_ownFloats.Length < batch.Count)
        {
            _ownFloatTimes = new long[batch.TimesMs.Length];
            _ownFloats = new double[batch.TimesMs.Length];
        }

        bool hasStarts = batch.StartTimesMs is not null;
        if (hasStarts && _ownFloatStarts.Length < batch.Count)
            _ownFloatStarts = new long[batch.TimesMs.Length];
        FloatCount = 0;
        FloatTimes = _ownFloatTimes;
        Floats = _ownFloats;
        FloatStarts = hasStarts ? _ownFloatStarts : null;
        if (!batch.HasHistograms)
            return;
        if (Histograms.Length < batch.Count)
        {
            HistogramTimes = new long[batch.TimesMs.Length];
            Histograms = new FloatHistogram[batch.TimesMs.Length];
        }

        HistogramStarts = hasStarts ? new long[batch.TimesMs.Length] : null;
    }

    private void Append(SampleBatch batch, int i)
    {
        if ((batch.Kinds[i] & SampleKind.Histogram) != 0)
        {
            HistogramTimes[HistogramCount] = batch.TimesMs[i];
            Histograms[HistogramCount] = batch.Histograms![i]!;
            if (HistogramStarts is not null)
                HistogramStarts[HistogramCount] = batch.StartTimesMs![i];
            HistogramCount++;
            return;
        }

        FloatTimes[FloatCount] = batch.TimesMs[i];
        Floats[FloatCount] = batch.Values[i];
        if (FloatStarts is not null)
            FloatStarts[FloatCount] = batch.StartTimesMs![i];
        FloatCount++;
    }
}
