using System.Text.Unicode;
using Forethought.Configuration;
using Forethought.Encoding;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Scrape.Targets;

/// <summary>Makes the labels of targets from what was discovered: defaults of the job, relabelling, checks, <c>instance</c>.</summary>
internal static class TargetLabels
{
    public const string Interval = "__scrape_interval__";
    public const string Timeout = "__scrape_timeout__";

    private static readonly (string Name, string Meaning)[] Switches =
    [
        ("__convert_classic_histograms_to_nhcb__", "convert classic histograms to nhcb"),
        ("__always_scrape_classic_histograms__", "always scrape classic histograms"),
        ("__scrape_native_histograms__", "scrape native histograms"),
    ];

    /// <summary>The labels before relabelling: the target's own, the group's, then the job's defaults.</summary>
    public static void Discover(LabelsBuilder labels, ScrapeConfiguration job, Labels own, Labels group)
    {
        labels.Reset(group);
        foreach (Label label in own)
            labels.Set(label.Name, label.Value);
        SetDefault(labels, "job", job.JobName);
        SetDefault(labels, Interval, PrometheusDuration.Format(job.ScrapeInterval));
        SetDefault(labels, Timeout, PrometheusDuration.Format(job.ScrapeTimeout));
        SetDefault(labels, "__metrics_path__", job.MetricsPath);
        SetDefault(labels, "__scheme__", job.Scheme);
        SetDefault(labels, Switches[0].Name, Text(job.ConvertClassicHistogramsToNhcb));
        SetDefault(labels, Switches[1].Name, Text(job.AlwaysScrapeClassicHistograms));
        SetDefault(labels, Switches[2].Name, Text(job.ScrapeNativeHistograms));
        foreach ((string name, ValueList<string> values) in job.Parameters)
        {
            if (values.Count > 0)
                SetDefault(labels, "__param_" + name, values[0]);
        }
    }

    /// <summary>The labels of a target after relabelling; empty when relabelling dropped it.</summary>
    /// <exception cref="TargetException">They make no target.</exception>
    public static Labels Make(LabelsBuilder labels, ScrapeConfiguration job, Relabeller relabeller, Labels own, Labels group)
    {
        Discover(labels, job, own, group);
        if (!relabeller.Apply(labels))
            return Labels.Empty;
        string address = Get(labels, "__address__");
        if (address.Length == 0)
            throw new TargetException("no address");
        if (address.Contains('/', StringComparison.Ordinal))
            throw new TargetException($"{GoQuote.Quote(address)} is not a valid hostname");
        CheckTimes(labels);
        CheckSwitches(labels);
        for (int i = 0; i < labels.Slots; i++)
        {
            if (labels.At(i).Name.StartsWith("__meta_"u8))
                labels.Remove(labels.At(i).Name);
        }

        SetDefault(labels, "instance", address);
        Labels result = labels.ToLabels();
        foreach (Label label in result)
        {
            if (!Utf8.IsValid(label.Value))
                throw new TargetException($"invalid label value for {GoQuote.Quote(label.Name)}: {GoQuote.Quote(label.Value)}");
        }

        return result;
    }

    /// <summary>The labels that samples get: all but those that begin with two underscores.</summary>
    public static Labels Public(Labels labels)
    {
        var result = new LabelsBuilder();
        foreach (Label label in labels)
        {
            if (!label.Name.StartsWith("__"u8))
                result.Append(label.Name, label.Value);
        }

        return result.ToLabels();
    }

    private static void CheckTimes(LabelsBuilder labels)
    {
        string intervalText = Get(labels, Interval);
        TimeSpan interval = Time(intervalText, "interval");
        string timeoutText = Get(labels, Timeout);
        if (Time(timeoutText, "timeout") > interval)
        {
            throw new TargetException(
                $"scrape timeout cannot be greater than scrape interval ({GoQuote.Quote(timeoutText)} > {GoQuote.Quote(intervalText)})");
        }
    }

    private static TimeSpan Time(string text, string what)
    {
        TimeSpan time;
        try
        {
            time = PrometheusDuration.Parse(text);
        }
        catch (FormatException e)
        {
            throw new TargetException($"error parsing scrape {what}: {e.Message}");
        }

        return time > TimeSpan.Zero ? time : throw new TargetException($"scrape {what} cannot be 0");
    }

    private static void CheckSwitches(LabelsBuilder labels)
    {
        foreach ((string name, string meaning) in Switches)
        {
            string value = Get(labels, name);
            if (value is not ("" or "1" or "t" or "T" or "true" or "TRUE" or "True" or "0" or "f" or "F" or "false" or "FALSE" or "False"))
                throw new TargetException($"error parsing {meaning}: strconv.ParseBool: parsing {GoQuote.Quote(value)}: invalid syntax");
        }
    }

    private static string Get(LabelsBuilder labels, string name) =>
        System.Text.Encoding.UTF8.GetString(labels.Get(System.Text.Encoding.UTF8.GetBytes(name)));

    private static void SetDefault(LabelsBuilder labels, string name, string value)
    {
        if (labels.Get(System.Text.Encoding.UTF8.GetBytes(name)).IsEmpty)
            labels.Set(name, value);
    }

    private static string Text(bool? value) => value == true ? "true" : "false";
}
