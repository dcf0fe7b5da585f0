using Forethought.Model;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>The samples of one series in memory, in order of time.</summary>
internal sealed class MemorySeries(Labels labels)
{
    private readonly List<MemorySample> _samples = [];

    public Labels Labels => labels;

    public IReadOnlyList<MemorySample> Samples => _samples;

    /// <summary>
    /// Adds a sample. What is known about counter resets of a histogram becomes what a chunk would tell: gauges stay gauges, the
    /// first one of a chunk is unknown and later ones are no reset.
    /// </summary>
    public void Append(MemorySample sample)
    {
        if (_samples.Count > 0 && sample.TimeMs <= _samples[^1].TimeMs)
        {
            if (sample.TimeMs < _samples[^1].TimeMs)
                throw new InvalidOperationException($"{labels}: sample at {sample.TimeMs} is out of order");
            return;
        }

        if (sample.Histogram is { } histogram)
        {
            FloatHistogram stored = histogram.Clone();
            stored.CounterResetHint = HintFor(histogram);
            sample = sample with { Histogram = stored };
        }

        _samples.Add(sample);
    }

    private CounterResetHint HintFor(FloatHistogram histogram)
    {
        if (histogram.CounterResetHint == CounterResetHint.Gauge)
            return CounterResetHint.Gauge;
        if (_samples.Count == 0 || _samples[^1].Histogram is not { } previous || histogram.IsStale || previous.IsStale
            || previous.CounterResetHint == CounterResetHint.Gauge || histogram.CounterResetHint == CounterResetHint.CounterReset
            || previous.Schema != histogram.Schema || previous.ZeroThreshold != histogram.ZeroThreshold
            || !previous.CustomValues.AsSpan().SequenceEqual(histogram.CustomValues))
        {
            return CounterResetHint.Unknown;
        }

        FloatHistogram compared = histogram.Clone();
        compared.CounterResetHint = CounterResetHint.Unknown;
        return HistogramResets.IsReset(compared, previous) ? CounterResetHint.Unknown : CounterResetHint.NotCounterReset;
    }
}
