using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// Reduces native histograms to count and sum where a query looks at nothing else. Counter resets are found while the buckets
/// are still there and noted in the hints.
/// </summary>
internal static class HistogramStatistics
{
    /// <summary>Reduces all histograms of a batch in place.</summary>
    public static void Reduce(SampleBatch batch)
    {
        if (!batch.HasHistograms)
            return;
        int later = -1;
        for (int i = batch.Count - 1; i >= 0; i--)
        {
            if (batch.Kinds[i] != SampleKind.Histogram)
                continue;

            // Backwards, so that each is still whole when the one after it is compared with it.
            if (later >= 0)
                Reduce(batch.Histograms![later]!, batch.Histograms[i]);
            later = i;
        }

        if (later >= 0)
            Reduce(batch.Histograms![later]!, null);
    }

    private static void Reduce(FloatHistogram histogram, FloatHistogram? previous)
    {
        CounterResetHint hint = histogram.CounterResetHint;
        if (hint == CounterResetHint.Unknown && previous is not null)
            hint = HistogramResets.IsReset(histogram, previous) ? CounterResetHint.CounterReset : CounterResetHint.NotCounterReset;
        (int schema, double count, double sum) = (histogram.Schema, histogram.Count, histogram.Sum);
        histogram.Clear();
        (histogram.CounterResetHint, histogram.Schema, histogram.Count, histogram.Sum) = (hint, schema, count, sum);
    }
}
