namespace Forethought.Exposition;

/// <summary>Names of metric types, in expositions and in answers of the metadata API.</summary>
public static class MetricTypes
{
    private static readonly string[] Names = ["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"];

    /// <summary>The name of a type as the metadata API has it.</summary>
    public static string Name(this MetricType type) => Names[(int)type];

    /// <summary>The type that a <c># TYPE</c> line of a format names.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> name, ExpositionFormat format, out MetricType type)
    {
        type = MetricType.Unknown;
        return format == ExpositionFormat.Text ? TryParseText(name, ref type) : TryParseOpenMetrics(name, ref type);
    }

    private static bool TryParseText(ReadOnlySpan<byte> name, ref MetricType type) =>
        name.SequenceEqual("untyped"u8) || TryParseShared(name, ref type);

    private static bool TryParseOpenMetrics(ReadOnlySpan<byte> name, ref MetricType type)
    {
        if (name.SequenceEqual("unknown"u8))
            return true;
        if (TryParseShared(name, ref type))
            return true;
        type = name.SequenceEqual("gaugehistogram"u8) ? MetricType.GaugeHistogram
            : name.SequenceEqual("info"u8) ? MetricType.Info
            : name.SequenceEqual("stateset"u8) ? MetricType.StateSet
            : MetricType.Unknown;
        return type != MetricType.Unknown;
    }

    private static bool TryParseShared(ReadOnlySpan<byte> name, ref MetricType type)
    {
        type = name.SequenceEqual("counter"u8) ? MetricType.Counter
            : name.SequenceEqual("gauge"u8) ? MetricType.Gauge
            : name.SequenceEqual("histogram"u8) ? MetricType.Histogram
            : name.SequenceEqual("summary"u8) ? MetricType.Summary
            : MetricType.Unknown;
        return type != MetricType.Unknown;
    }
}
