namespace Forethought.Model;

/// <summary>Label names with a meaning of their own, as UTF-8.</summary>
public static class LabelNames
{
    /// <summary><c>__name__</c>: the metric name.</summary>
    public static ReadOnlySpan<byte> MetricName => "__name__"u8;

    /// <summary><c>__type__</c>: the metric type, where type and unit labels are on.</summary>
    public static ReadOnlySpan<byte> MetricType => "__type__"u8;

    /// <summary><c>le</c>: the upper bound of a classic histogram bucket.</summary>
    public static ReadOnlySpan<byte> BucketBound => "le"u8;

    /// <summary><c>quantile</c>: the rank of a summary's sample.</summary>
    public static ReadOnlySpan<byte> Quantile => "quantile"u8;

    /// <summary><c>job</c>.</summary>
    public static ReadOnlySpan<byte> Job => "job"u8;

    /// <summary><c>instance</c>.</summary>
    public static ReadOnlySpan<byte> Instance => "instance"u8;
}
