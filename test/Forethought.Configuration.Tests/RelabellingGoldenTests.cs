using System.Text.Json;
using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Configuration.Tests;

/// <summary>Relabelling rules, from their YAML to the labels that come out, against what Prometheus' own code made of them.</summary>
public sealed class RelabellingGoldenTests
{
    [Fact]
    public void Rules_are_read_refused_and_applied_as_by_the_reference()
    {
        int rules = 0, results = 0;
        foreach (string line in File.ReadLines(Conformance.Path("golden/relabel.jsonl")))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            JsonElement root = row.RootElement;
            string configuration = root.GetProperty("config").GetString()!;
            string scheme = root.GetProperty("scheme").GetString()!;
            rules++;
            if (root.TryGetProperty("error", out JsonElement error))
            {
                ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => Load(configuration, scheme));
                Assert.Contains(error.GetString()!, refusal.Message, StringComparison.Ordinal);
                continue;
            }

            ScrapeConfiguration job = Load(configuration, scheme);
            var relabeller = new Relabeller(job.MetricRelabelRules, scheme == "legacy" ? NameValidation.Legacy : NameValidation.Utf8);
            foreach (JsonElement result in root.GetProperty("results").EnumerateArray())
            {
                Check(relabeller, result, configuration);
                results++;
            }
        }

        Assert.True(rules > 75 && results > 200, $"only {rules} rules and {results} results checked");
    }

    private static void Check(Relabeller relabeller, JsonElement result, string configuration)
    {
        var builder = new LabelsBuilder();
        foreach ((string name, string value) in Read(result.GetProperty("in")))
            builder.Set(name, value);
        bool kept = relabeller.Apply(builder);
        Assert.True(result.GetProperty("keep").GetBoolean() == kept, configuration);
        if (!kept)
            return;

        // Not by way of a label set: a rule may make an empty name, which is refused only afterwards.
        var actual = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < builder.Slots; i++)
        {
            if (!builder.At(i).Value.IsEmpty)
                actual.Add(builder.At(i).NameText, builder.At(i).ValueText);
        }

        Assert.Equal(Read(result.GetProperty("out")), actual);
    }

    private static SortedDictionary<string, string> Read(JsonElement labels) =>
        new(labels.EnumerateObject().Where(label => label.Value.GetString()!.Length > 0).ToDictionary(label => label.Name, label => label.Value.GetString()!), StringComparer.Ordinal);

    private static ScrapeConfiguration Load(string rules, string scheme)
    {
        string text = $"scrape_configs:\n- job_name: x\n  metric_name_validation_scheme: {scheme}\n  metric_relabel_configs: {rules}\n";
        return ConfigurationLoader.LoadText(System.Text.Encoding.UTF8.GetBytes(text)).ScrapeConfigurations[0];
    }
}
