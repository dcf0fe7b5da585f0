using System.Globalization;
using Forethought.Model;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Makes native histograms with custom buckets of classic ones, as <c>load_with_nhcb</c> asks for.</summary>
internal static class CustomBucketConversion
{
    public static void Append(IReadOnlyDictionary<Labels, List<MemorySample>> series, IScriptStorage storage)
    {
        var histograms = new Dictionary<Labels, SortedDictionary<long, Classic>>();
        foreach ((Labels labels, List<MemorySample> samples) in series)
        {
            string name = labels["__name__"];
            if (Cut(name, "_bucket") is { } bucketBase)
            {
                double bound = ParseBound(labels["le"]);
                if (!double.IsNaN(bound))
                    Collect(histograms, labels, bucketBase, samples, (classic, value) => classic.Buckets.TryAdd(bound, value));
            }
            else if (Cut(name, "_count") is { } countBase)
            {
                Collect(histograms, labels, countBase, samples, static (classic, value) => classic.Count = value);
            }
            else if (Cut(name, "_sum") is { } sumBase)
            {
                Collect(histograms, labels, sumBase, samples, static (classic, value) => classic.Sum = value);
            }
        }

        foreach ((Labels labels, SortedDictionary<long, Classic> byTime) in histograms)
        {
            foreach ((long timeMs, Classic classic) in byTime)
                storage.Append(labels, new MemorySample(timeMs, 0, 0, classic.Convert()));
        }
    }

    private static string? Cut(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : null;

    private static double ParseBound(string text) => text switch
    {
        "+Inf" or "Inf" or "inf" => double.PositiveInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) ? bound : double.NaN,
    };

    private static void Collect(
        Dictionary<Labels, SortedDictionary<long, Classic>> histograms, Labels labels, string name, List<MemorySample> samples, Action<Classic, double> set)
    {
        var builder = new LabelsBuilder();
        builder.Reset(labels);
        builder.Set("__name__", name);
        builder.Remove("le"u8);
        Labels key = builder.ToLabels();
        if (!histograms.TryGetValue(key, out SortedDictionary<long, Classic>? byTime))
            histograms.Add(key, byTime = []);
        foreach (MemorySample sample in samples)
        {
            if (sample.Histogram is not null)
                continue;
            if (!byTime.TryGetValue(sample.TimeMs, out Classic? classic))
                byTime.Add(sample.TimeMs, classic = new Classic());
            set(classic, sample.Value);
        }
    }

    private sealed class Classic
    {
        public SortedDictionary<double, double> Buckets { get; } = [];

        public double? Count { get; set; }

        public double Sum { get; set; }

        public FloatHistogram Convert()
        {
            double count = Count ?? Buckets.Values.LastOrDefault();
            Buckets.TryAdd(double.PositiveInfinity, count);
            double[] cumulative = [.. Buckets.Values];
            double[] counts = [.. cumulative.Select((value, i) => i == 0 ? value : value - cumulative[i - 1])];
            var histogram = new FloatHistogram
            {
                Schema = HistogramSchema.CustomBuckets,
                Count = count,
                Sum = Sum,
                CustomValues = [.. Buckets.Keys.Where(double.IsFinite)],
                PositiveSpans = [new HistogramSpan(0, (uint)counts.Length)],
                PositiveBuckets = counts,
            };
            histogram.Compact();
            return histogram;
        }
    }
}
