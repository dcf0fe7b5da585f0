using Forethought.Model;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary><c>first_over_time</c> and <c>last_over_time</c>, and the times of those samples in seconds (<c>ts_of_…</c>).</summary>
internal sealed class PickKernel(bool last, bool time) : RangeKernel
{
    public override bool KeepsName => !time;

    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        FloatHistogram? source = null;
        FloatHistogram? copy = null;
        for (int s = 0; s < input.Grid.Count; s++)
        {
            ReadOnlySpan<long> floatTimes = input.FloatTimes(s);
            ReadOnlySpan<long> histogramTimes = input.HistogramTimes(s);
            if (floatTimes.IsEmpty && histogramTimes.IsEmpty)
                continue;
            bool isFloat = histogramTimes.IsEmpty
                || (!floatTimes.IsEmpty && (last ? histogramTimes[^1] < floatTimes[^1] : floatTimes[0] < histogramTimes[0]));
            Index index = last ? ^1 : 0;
            if (time)
            {
                row.SetFloat(s, (isFloat ? floatTimes[index] : histogramTimes[index]) / 1000.0);
                continue;
            }

            if (isFloat)
            {
                row.SetFloat(s, input.Floats(s)[index]);
                continue;
            }

            FloatHistogram picked = input.Histograms(s)[index];
            if (!ReferenceEquals(source, picked))
                (source, copy) = (picked, picked.Clone());
            row.SetHistogram(s, copy!);
        }
    }
}
