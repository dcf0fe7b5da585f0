using System.Buffers;

namespace Forethought.Client.Tests;

/// <summary>Catches what an exposition writer writes.</summary>
internal static class Written
{
    public static string Text(Action<ExpositionWriter> write, NameEscapingScheme escaping = NameEscapingScheme.AllowUtf8) =>
        By(write, ExpositionFormat.Get(ExpositionKind.Text, escaping));

    public static string OpenMetrics(Action<ExpositionWriter> write, NameEscapingScheme escaping = NameEscapingScheme.AllowUtf8) =>
        By(write, ExpositionFormat.Get(ExpositionKind.OpenMetrics, escaping));

    public static string By(Action<ExpositionWriter> write, ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new ExpositionWriter(output, format))
        {
            write(writer);
            writer.Complete();
        }

        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>What a registry exposes in OpenMetrics.</summary>
    public static string OpenMetricsOf(MetricRegistry registry)
    {
        var output = new ArrayBufferWriter<byte>();
        registry.Write(output, ExpositionFormat.Get(ExpositionKind.OpenMetrics, NameEscapingScheme.AllowUtf8));
        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static void Sample(this ExpositionWriter writer, string suffix, double value, params (string Name, string Value)[] labels)
    {
        Begin(writer, suffix, labels);
        writer.EndSample(value);
    }

    public static void Sample(
        this ExpositionWriter writer, string suffix, double value, long timestampMs, params (string Name, string Value)[] labels)
    {
        Begin(writer, suffix, labels);
        writer.EndSample(value, timestampMs);
    }

    public static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static void Begin(ExpositionWriter writer, string suffix, (string Name, string Value)[] labels)
    {
        writer.BeginSample(Utf8(suffix));
        foreach ((string name, string value) in labels)
            writer.Label(Utf8(name), value);
    }
}
