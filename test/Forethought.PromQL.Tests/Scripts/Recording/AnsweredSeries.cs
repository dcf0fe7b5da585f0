using System.Text.Json;
using Forethought.Model;

namespace Forethought.PromQL.Tests.Scripts.Recording;

/// <summary>A series of an answer with its samples, floats and histograms in order of time.</summary>
internal sealed record AnsweredSeries(Labels Labels, IReadOnlyList<AnsweredSample> Samples)
{
    /// <summary>The labels with the metric name, if there is one, before the braces.</summary>
    public string Metric { get; private init; } = "";

    public static AnsweredSeries Parse(JsonElement series)
    {
        string[] labels = [.. series.GetProperty("metric").EnumerateObject().SelectMany(static label => new[] { label.Name, label.Value.GetString()! })];
        var samples = new List<AnsweredSample>();
        foreach (JsonProperty property in series.EnumerateObject())
        {
            bool isHistogram = property.Name.StartsWith("histogram", StringComparison.Ordinal);
            if (property.Name is "value" or "histogram")
                samples.Add(Sample(property.Value, isHistogram));
            else if (property.Name is "values" or "histograms")
                samples.AddRange(property.Value.EnumerateArray().Select(sample => Sample(sample, isHistogram)));
        }

        return new AnsweredSeries(Labels.FromStrings(labels), [.. samples.OrderBy(static sample => sample.TimeMs)]) { Metric = MetricText(labels) };
    }

    private static string MetricText(string[] labels)
    {
        // The API writes the name first, since it sorts before names in small letters.
        if (labels.Length == 0 || labels[0] != "__name__" || !MetricNames.IsLegacyMetricName(System.Text.Encoding.UTF8.GetBytes(labels[1])))
            return Labels.FromStrings(labels).ToString();
        return labels.Length == 2 ? labels[1] : labels[1] + Labels.FromStrings(labels.AsSpan(2));
    }

    private static AnsweredSample Sample(JsonElement sample, bool isHistogram) =>
        new((long)Math.Round(sample[0].GetDouble() * 1000), isHistogram ? "" : sample[1].GetString()!, isHistogram);
}
