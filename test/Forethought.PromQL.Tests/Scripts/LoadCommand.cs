using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Stores samples: <c>load 5m</c> and series notation.</summary>
internal sealed record LoadCommand(int Line, long StepMs, bool WithCustomBuckets) : ScriptCommand(Line)
{
    private readonly Dictionary<Labels, List<MemorySample>> _series = [];

    /// <summary>Sets the samples of a series, one a step; <paramref name="startOffsetsMs"/> gives start timestamps relative to them.</summary>
    public void Set(SeriesDescription description, IReadOnlyList<long?>? startOffsetsMs)
    {
        var samples = new List<MemorySample>();
        for (int i = 0; i < description.Values.Count; i++)
        {
            SeriesValue value = description.Values[i];
            if (value.Omitted)
                continue;
            long timeMs = i * StepMs;
            long startMs = startOffsetsMs?[i] is { } offset ? timeMs + offset : 0;
            samples.Add(new MemorySample(timeMs, startMs, value.Value, value.Histogram));
        }

        _series[description.Labels] = samples;
    }

    /// <summary>Stores the samples in the order of their times, each time for itself, as a server that scrapes does.</summary>
    public async Task RunAsync(IScriptStorage storage)
    {
        var samples = _series.SelectMany(static series => series.Value.Select(sample => (Labels: series.Key, Sample: sample)));
        foreach (var atOneTime in samples.GroupBy(static each => each.Sample.TimeMs).OrderBy(static group => group.Key))
        {
            foreach ((Labels labels, MemorySample sample) in atOneTime)
                storage.Append(labels, sample);
            await storage.CommitAsync();
        }

        if (!WithCustomBuckets)
            return;
        CustomBucketConversion.Append(_series, storage);
        await storage.CommitAsync();
    }
}
