namespace Forethought.Client;

/// <summary>Turns what was collected into the lines of an exposition.</summary>
internal static class MetricTableExposition
{
    /// <summary>Writes the families named, or all of them.</summary>
    /// <param name="table">Complete.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="names">Null for all.</param>
    /// <param name="created">Whether OpenMetrics gets <c>_created</c> lines.</param>
    public static void Write(MetricTable table, ExpositionWriter writer, IReadOnlyCollection<string>? names, bool created = false)
    {
        bool dated = created && writer.Format.Kind != ExpositionKind.Text;
        string? family = null;
        for (int i = 0; i < table.Count; i++)
        {
            ref readonly MetricRow row = ref table[i];
            MetricDescriptor descriptor = row.Descriptor;
            if (names is not null && !names.Contains(descriptor.Name))
                continue;
            if (descriptor.Name != family)
            {
                family = descriptor.Name;
                writer.BeginFamily(descriptor.NameUtf8, descriptor.Type, descriptor.Help, descriptor.Unit);
            }

            WriteMetric(table, row, writer);
            if (dated && row.Created is { } time && descriptor.Type is MetricType.Counter or MetricType.Summary or MetricType.Histogram)
                WriteCreated(table, row, writer, time);
        }
    }

    private static void WriteMetric(MetricTable table, in MetricRow row, ExpositionWriter writer)
    {
        switch (row.Descriptor.Type)
        {
            case MetricType.Summary:
                WriteSummary(table, row, writer);
                break;
            case MetricType.Histogram or MetricType.GaugeHistogram:
                WriteHistogram(table, row, writer);
                break;
            default:
                BeginSample(table, row, writer, default);
                writer.EndSample(row.Value, exemplar: row.Exemplar);
                break;
        }
    }

    private static void WriteSummary(MetricTable table, in MetricRow row, ExpositionWriter writer)
    {
        foreach (QuantileValue quantile in table.Quantiles(row))
        {
            BeginSample(table, row, writer, default);
            writer.Label("quantile"u8, quantile.Quantile);
            writer.EndSample(quantile.Value);
        }

        WriteSumAndCount(table, row, writer);
    }

    private static void WriteHistogram(MetricTable table, in MetricRow row, ExpositionWriter writer)
    {
        ReadOnlySpan<BucketCount> buckets = table.Buckets(row);
        ReadOnlySpan<Exemplar?> exemplars = table.BucketExemplars(row);
        for (int i = 0; i <= buckets.Length; i++)
        {
            bool isLast = i == buckets.Length;
            BeginSample(table, row, writer, "_bucket"u8);
            writer.Label("le"u8, isLast ? double.PositiveInfinity : buckets[i].UpperBound);
            writer.EndSample(isLast ? row.Count : buckets[i].CumulativeCount, exemplar: exemplars.IsEmpty ? null : exemplars[i]);
        }

        WriteSumAndCount(table, row, writer);
    }

    private static void WriteSumAndCount(MetricTable table, in MetricRow row, ExpositionWriter writer)
    {
        BeginSample(table, row, writer, "_sum"u8);
        writer.EndSample(row.Value);
        BeginSample(table, row, writer, "_count"u8);
        writer.EndSample(row.Count);
    }

    private static void WriteCreated(MetricTable table, in MetricRow row, ExpositionWriter writer, DateTimeOffset time)
    {
        writer.BeginCreatedSample();
        WriteLabels(table, row, writer);
        writer.EndSample(ExpositionWriter.SecondsSince1970(time));
    }

    private static void BeginSample(MetricTable table, in MetricRow row, ExpositionWriter writer, ReadOnlySpan<byte> suffix)
    {
        writer.BeginSample(suffix);
        WriteLabels(table, row, writer);
    }

    private static void WriteLabels(MetricTable table, in MetricRow row, ExpositionWriter writer)
    {
        byte[][] names = row.Descriptor.SortedLabelNamesUtf8;
        ReadOnlySpan<string> values = table.Labels(row);
        for (int i = 0; i < names.Length; i++)
            writer.Label(names[i], values[i]);
    }
}
