namespace Forethought.Client;

/// <summary>
/// One metric: a name and the values of its labels. It is a collector by itself when it has no variable labels; otherwise its
/// family collects it. Thread-safe.
/// </summary>
public abstract class Metric : ICollector
{
    /// <param name="descriptor">The family's descriptor.</param>
    /// <param name="labels">The values of all labels in name order.</param>
    /// <param name="created">When the metric came to be.</param>
    private protected Metric(MetricDescriptor descriptor, string[] labels, DateTimeOffset created)
    {
        Descriptor = descriptor;
        Labels = labels;
        Created = created;
    }

    /// <summary>Name, help, type and labels.</summary>
    public MetricDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors => Descriptor.AsList;

    /// <summary>The values of all labels, constant ones too, in name order; not to be changed.</summary>
    internal string[] Labels { get; }

    internal DateTimeOffset Created { get; }

    /// <inheritdoc/>
    public abstract void Collect(MetricWriter writer);

    /// <summary>The values of a metric without variable labels.</summary>
    private protected static string[] ConstantLabels(MetricDescriptor descriptor)
    {
        var labels = new string[descriptor.SortedLabelNames.Length];
        descriptor.OrderLabels([], labels);
        return labels;
    }
}
