using System.Collections.Immutable;
using Forethought.Model;
using Forethought.PromQL.Tests.Scripts;

namespace Forethought.PromQL.Tests.Oracle;

/// <summary>Random series: counters with resets, gauges with odd values, and values no two of which are equal.</summary>
internal static class ModelData
{
    public static List<ModelSeries> Create(Random random)
    {
        var series = new List<ModelSeries>();
        foreach (string metric in (string[])["counter_total", "gauge", "distinct"])
        {
            foreach (string a in (string[])["1", "2", "3"])
            {
                foreach (string b in (string[])["x", "y", "z"])
                {
                    if (random.Next(4) > 0)
                        series.Add(new ModelSeries(Labels(metric, a, b, random.Next(3) == 0 ? "k" : ""), Samples(random, metric)));
                }
            }
        }

        return series;
    }

    public static MemoryStorage Store(IEnumerable<ModelSeries> series)
    {
        var storage = new MemoryStorage();
        foreach (ModelSeries each in series)
        {
            var labels = Model.Labels.FromStrings([.. each.Labels.SelectMany(static label => new[] { label.Key, label.Value })]);
            foreach ((long timeMs, double? value) in each.Samples)
                storage.Append(labels, new MemorySample(timeMs, 0, value ?? StaleMarker.Value, null));
        }

        return storage;
    }

    private static ImmutableSortedDictionary<string, string> Labels(string metric, string a, string b, string c)
    {
        var labels = ModelSample.NoLabels.Add("__name__", metric).Add("a", a).Add("b", b);
        return c.Length == 0 ? labels : labels.Add("c", c);
    }

    private static List<(long TimeMs, double? Value)> Samples(Random random, string metric)
    {
        var samples = new List<(long, double?)>();
        long intervalMs = random.Next(3) switch { 0 => 15_000, 1 => 60_000, _ => random.Next(5_000, 100_000) };
        int jitterMs = random.Next(2) * 40;
        long offsetMs = random.Next((int)intervalMs);
        double value = random.NextDouble() * 50;
        for (long timeMs = offsetMs; timeMs < 40 * 60_000; timeMs += intervalMs)
        {
            if (random.Next(40) == 0)
            {
                if (random.Next(2) == 0)
                    samples.Add((timeMs, null));
                timeMs += random.Next(12 * 60_000);
            }

            value = Next(random, metric, value);
            samples.Add((timeMs + random.Next(jitterMs + 1), value));
        }

        return samples;
    }

    private static double Next(Random random, string metric, double value) => metric switch
    {
        "counter_total" => random.Next(30) == 0 ? random.NextDouble() : value + (random.Next(3) * random.NextDouble() * 10),
        "distinct" => (random.NextDouble() * 200) - 100,
        _ => random.Next(40) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, _ => random.Next(-20, 120) },
    };
}
