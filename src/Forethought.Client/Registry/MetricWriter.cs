namespace Forethought.Client;

/// <summary>
/// Takes what a collector has to say. Values of labels come in the order of <see cref="MetricDescriptor.LabelNames"/>; nothing is
/// allocated per sample once the underlying columns have grown. To be used only inside <see cref="ICollector.Collect"/>, by its thread.
/// </summary>
public sealed class MetricWriter
{
    internal MetricWriter()
    {
    }

    internal MetricTable Table { get; } = new();

    /// <summary>Writes a counter, a gauge or an untyped value.</summary>
    /// <exception cref="ArgumentException">The values are not as many as the labels, or the descriptor is of another type.</exception>
    public void Write(MetricDescriptor descriptor, double value, params ReadOnlySpan<string> labelValues)
    {
        Check(descriptor, labelValues, descriptor.Type is MetricType.Counter or MetricType.Gauge or MetricType.Untyped);
        Table.AddValue(descriptor, labelValues, value);
    }

    /// <summary>Writes a summary.</summary>
    /// <param name="descriptor">A summary's.</param>
    /// <param name="count">The number of observations.</param>
    /// <param name="sum">Their sum.</param>
    /// <param name="quantiles">Quantiles by increasing rank; may be empty.</param>
    /// <param name="labelValues">The values of the variable labels.</param>
    /// <exception cref="ArgumentException">The values are not as many as the labels, or the descriptor is of another type.</exception>
    public void WriteSummary(
        MetricDescriptor descriptor,
        ulong count,
        double sum,
        ReadOnlySpan<QuantileValue> quantiles,
        params ReadOnlySpan<string> labelValues)
    {
        Check(descriptor, labelValues, descriptor.Type == MetricType.Summary);
        Table.AddSummary(descriptor, labelValues, count, sum, quantiles);
    }

    /// <summary>Writes a histogram.</summary>
    /// <param name="descriptor">A histogram's.</param>
    /// <param name="count">The number of observations; also what the bucket of +Inf shows.</param>
    /// <param name="sum">Their sum.</param>
    /// <param name="buckets">The finite buckets by increasing bound.</param>
    /// <param name="labelValues">The values of the variable labels.</param>
    /// <exception cref="ArgumentException">The values are not as many as the labels, or the descriptor is of another type.</exception>
    public void WriteHistogram(
        MetricDescriptor descriptor,
        ulong count,
        double sum,
        ReadOnlySpan<BucketCount> buckets,
        params ReadOnlySpan<string> labelValues)
    {
        Check(descriptor, labelValues, descriptor.Type is MetricType.Histogram or MetricType.GaugeHistogram);
        Table.AddHistogram(descriptor, labelValues, count, sum, buckets);
    }

    private static void Check(MetricDescriptor descriptor, ReadOnlySpan<string> labelValues, bool typeFits)
    {
        if (!typeFits)
            throw new ArgumentException($"collected metric {descriptor.Name} should be a {descriptor.Type}");
        descriptor.CheckCardinality(labelValues);
    }
}
