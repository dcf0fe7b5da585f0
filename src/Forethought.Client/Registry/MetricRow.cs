namespace Forethought.Client;

/// <summary>One metric as collected. Which fields mean something follows from the descriptor's type.</summary>
internal struct MetricRow
{
    public MetricDescriptor Descriptor;

    /// <summary>The metric's own array of label values, or null when they are in the table's column.</summary>
    public string[]? Labels;

    /// <summary>Where the label values begin, in name order.</summary>
    public int LabelStart;

    /// <summary>Where the quantiles or buckets begin in their column.</summary>
    public int ItemStart;

    public int ItemCount;

    /// <summary>Where the buckets' exemplars begin in their column, the one of +Inf last; −1 for none.</summary>
    public int ExemplarStart;

    /// <summary>The value, or the sum of observations.</summary>
    public double Value;

    /// <summary>The number of observations.</summary>
    public ulong Count;

    /// <summary>A counter's exemplar.</summary>
    public Exemplar? Exemplar;

    /// <summary>When the metric began; null if not known.</summary>
    public DateTimeOffset? Created;
}
