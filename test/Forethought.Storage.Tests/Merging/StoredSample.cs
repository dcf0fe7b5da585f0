using Forethought.Model;

namespace Forethought.Storage.Tests.Merging;

/// <summary>A sample as tests write it: a float, or a histogram whose count and one bucket are the value.</summary>
internal readonly record struct StoredSample(
    long TimeMs, double Value, bool IsHistogram = false, CounterResetHint Hint = CounterResetHint.Unknown, long StartMs = 0)
{
    public void AddTo(SampleBatch batch)
    {
        if (IsHistogram)
        {
            Fill(batch.AddHistogram(TimeMs));
            batch.CompleteHistogram();
        }
        else
        {
            batch.Add(TimeMs, Value);
        }

        if (StartMs != 0)
            batch.RequireStartTimes()[batch.Count - 1] = StartMs;
    }

    public static StoredSample From(SampleBatch batch, int index)
    {
        long start = batch.StartTimesMs?[index] ?? 0;
        bool isHistogram = (batch.Kinds[index] & SampleKind.Histogram) != 0;
        FloatHistogram? histogram = batch.Histograms?[index];
        Assert.Equal(isHistogram, histogram is not null);
        if (histogram is null)
            return new StoredSample(batch.TimesMs[index], batch.Values[index], StartMs: start);
        Assert.Equal(histogram.Sum, batch.Values[index]);
        Assert.Equal([histogram.Count], histogram.PositiveBuckets);
        return new StoredSample(batch.TimesMs[index], histogram.Count, true, histogram.CounterResetHint, start);
    }

    private void Fill(FloatHistogram histogram)
    {
        histogram.Clear();
        histogram.CounterResetHint = Hint;
        histogram.Count = Value;
        histogram.Sum = Value * 2;
        histogram.PositiveSpans = [new HistogramSpan(0, 1)];
        histogram.PositiveBuckets = [Value];
    }
}
