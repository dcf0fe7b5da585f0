using System.Text.Json;
using Forethought.Testing;
using Xunit;

namespace Forethought.Exposition.Tests;

/// <summary>The test suite of the OpenMetrics specification. Prometheus, and so this reader, checks syntax only.</summary>
public sealed class OpenMetricsConformanceTests
{
    // Cases that the specification forbids for their meaning and Prometheus 3.5.3 scrapes: it looks at lines, not at families.
    private static readonly HashSet<string> AcceptedByPrometheus =
    [
        .. ("bad_clashing_names_0 bad_clashing_names_1 bad_counter_values_0 bad_counter_values_1 bad_counter_values_10 " +
            "bad_counter_values_12 bad_counter_values_13 bad_counter_values_14 bad_counter_values_16 bad_counter_values_17 " +
            "bad_counter_values_18 bad_counter_values_2 bad_counter_values_3 bad_counter_values_4 bad_counter_values_6 " +
            "bad_counter_values_7 bad_counter_values_8 bad_exemplar_complex_chars bad_exemplars_6 " +
            "bad_exemplars_on_unallowed_metric_types_0 bad_exemplars_on_unallowed_metric_types_1 " +
            "bad_exemplars_on_unallowed_samples_0 bad_exemplars_on_unallowed_samples_1 bad_exemplars_on_unallowed_samples_2 " +
            "bad_grouping_or_ordering_0 bad_grouping_or_ordering_10 bad_grouping_or_ordering_3 bad_grouping_or_ordering_4 " +
            "bad_grouping_or_ordering_5 bad_grouping_or_ordering_7 bad_grouping_or_ordering_8 bad_grouping_or_ordering_9 " +
            "bad_histograms_0 bad_histograms_1 bad_histograms_10 bad_histograms_12 bad_histograms_13 bad_histograms_14 " +
            "bad_histograms_3 bad_histograms_7 bad_histograms_8 bad_histograms_9 bad_info_and_stateset_values_1 " +
            "bad_metadata_in_wrong_place_1 bad_metadata_in_wrong_place_2 bad_missing_or_extra_commas_2 " +
            "bad_missing_or_invalid_labels_for_a_type_0 bad_missing_or_invalid_labels_for_a_type_1 " +
            "bad_missing_or_invalid_labels_for_a_type_3 bad_missing_or_invalid_labels_for_a_type_4 " +
            "bad_missing_or_invalid_labels_for_a_type_5 bad_missing_or_invalid_labels_for_a_type_7 " +
            "bad_repeated_metadata_1 bad_repeated_metadata_3 bad_stateset_info_values_1 bad_stateset_info_values_2 " +
            "bad_stateset_info_values_3 bad_unit_6 bad_unit_7").Split(' '),
    ];

    [Fact]
    public void Accepts_and_refuses_what_Prometheus_does()
    {
        string[] cases = Directory.GetDirectories(Conformance.Path("exposition/openmetrics"));
        Assert.True(cases.Length > 100);
        foreach (string directory in cases)
        {
            string name = Path.GetFileName(directory);
            using JsonDocument description = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "test.json")));
            bool valid = description.RootElement.GetProperty("shouldParse").GetBoolean() || AcceptedByPrometheus.Contains(name);
            Assert.True(valid == Parses(File.ReadAllBytes(Path.Combine(directory, "metrics"))), name);
        }
    }

    [Fact]
    public void Reads_all_of_large_expositions()
    {
        foreach (string file in Directory.GetFiles(Conformance.Path("exposition/prometheus")))
        {
            ExpositionFormat format = file.EndsWith(".om.txt", StringComparison.Ordinal) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
            byte[] text = File.ReadAllBytes(file);
            int samples = File.ReadLines(file).Count(line => line.Length > 0 && line[0] != '#');
            int read = Exposed.ReadBody(Exposed.Body(text, format), format).Count(line => line[0] == '{');
            Assert.Equal(samples, read);
        }
    }

    private static bool Parses(byte[] body)
    {
        try
        {
            // A label given twice is refused too, though by the storage.
            return !Exposed.ReadBody(body, ExpositionFormat.OpenMetrics).Exists(line => line.StartsWith("{duplicate", StringComparison.Ordinal));
        }
        catch (ExpositionException)
        {
            return false;
        }
    }
}
