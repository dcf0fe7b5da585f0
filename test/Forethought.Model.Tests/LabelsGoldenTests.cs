using System.Text.Json;
using Forethought.Testing;

namespace Forethought.Model.Tests;

/// <summary>Label sets against what Prometheus' own code computed for them.</summary>
public sealed class LabelsGoldenTests
{
    private const string Table = "golden/labels.tsv";

    [Fact]
    public void Hash_and_text_agree_with_the_reference()
    {
        int checkedSets = 0;
        foreach (string[] row in Conformance.Tsv(Table))
        {
            LabelsBuilder builder = Parse(row[0], out bool hasEmptyText);
            // The reference hashes empty names and values too; a set of ours never holds them.
            if (hasEmptyText)
                continue;
            Labels labels = builder.ToLabels();
            Assert.Equal(ulong.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture), labels.Hash());
            Assert.Equal(System.Text.Encoding.UTF8.GetString(Conformance.Unescape(row[1])), labels.ToString());
            checkedSets++;
        }

        Assert.True(checkedSets > 100, $"only {checkedSets} label sets checked");
    }

    [Fact]
    public void Name_validity_agrees_with_the_reference_under_both_schemes()
    {
        foreach (string[] row in Conformance.Tsv(Table))
        {
            LabelsBuilder builder = Parse(row[0], out _);
            bool utf8 = true, legacy = true;
            for (int i = 0; i < builder.Slots; i++)
            {
                Label label = builder.At(i);
                bool validValue = System.Text.Unicode.Utf8.IsValid(label.Value);
                bool isName = label.Name.SequenceEqual(LabelNames.MetricName);
                utf8 &= MetricNames.IsUtf8Name(label.Name) && validValue && (!isName || MetricNames.IsUtf8Name(label.Value));
                legacy &= MetricNames.IsLegacyLabelName(label.Name) && validValue && (!isName || MetricNames.IsLegacyMetricName(label.Value));
            }

            Assert.Equal((row[6], row[7]), (utf8 ? "true" : "false", legacy ? "true" : "false"));
        }
    }

    private static LabelsBuilder Parse(string field, out bool hasEmptyText)
    {
        hasEmptyText = false;
        var builder = new LabelsBuilder();
        using JsonDocument json = JsonDocument.Parse(Conformance.Unescape(field));
        foreach (JsonProperty property in json.RootElement.EnumerateObject())
        {
            byte[] value = System.Text.Encoding.UTF8.GetBytes(property.Value.GetString()!);
            hasEmptyText |= value.Length == 0 || property.Name.Length == 0;
            builder.Append(System.Text.Encoding.UTF8.GetBytes(property.Name), value);
        }

        return builder;
    }
}
