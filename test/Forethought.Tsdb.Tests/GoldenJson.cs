using System.Globalization;
using System.Text.Json;
using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Tsdb.Tests;

/// <summary>Reads golden JSON lines, which have doubles as the hexadecimal digits of their bits, and bytes as hexadecimal.</summary>
internal static class GoldenJson
{
    public static IEnumerable<JsonElement> Lines(string path)
    {
        foreach (string line in File.ReadLines(Testing.Conformance.Path(path)))
        {
            if (line.Length > 0)
                yield return JsonDocument.Parse(line).RootElement;
        }
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.Text(name));

    public static double Bits(this JsonElement element) => BitConverter.UInt64BitsToDouble(
        ulong.Parse(element.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    public static double Bits(this JsonElement element, string name) => element.GetProperty(name).Bits();

    public static SeriesRef Ref(this JsonElement element) => new(element.GetProperty("ref").GetUInt64());

    public static long Int64(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    public static byte[] PackedLabels(this JsonElement element)
    {
        bool isHex = element.TryGetProperty("labels_hex", out JsonElement pairs);
        if (!isHex)
            pairs = element.GetProperty("labels");
        byte[] buffer = new byte[1 << 16];
        int length = 0;
        foreach (JsonElement text in pairs.EnumerateArray().SelectMany(pair => pair.EnumerateArray()))
        {
            byte[] bytes = isHex ? Convert.FromHexString(text.GetString()!) : System.Text.Encoding.UTF8.GetBytes(text.GetString()!);
            length += Model.PackedLabels.WriteString(buffer.AsSpan(length), bytes);
        }

        return buffer[..length];
    }

    public static Histogram Histogram(this JsonElement h) => new()
    {
        CounterResetHint = (CounterResetHint)h.Int64("crh"),
        Schema = (int)h.Int64("schema"),
        ZeroThreshold = h.Bits("zt"),
        ZeroCount = h.GetProperty("zc").GetUInt64(),
        Count = h.GetProperty("count").GetUInt64(),
        Sum = h.Bits("sum"),
        PositiveSpans = h.Spans("ps"),
        NegativeSpans = h.Spans("ns"),
        PositiveBuckets = [.. h.GetProperty("pb").EnumerateArray().Select(b => b.GetInt64())],
        NegativeBuckets = [.. h.GetProperty("nb").EnumerateArray().Select(b => b.GetInt64())],
        CustomValues = h.Doubles("cv"),
    };

    public static FloatHistogram FloatHistogram(this JsonElement h) => new()
    {
        CounterResetHint = (CounterResetHint)h.Int64("crh"),
        Schema = (int)h.Int64("schema"),
        ZeroThreshold = h.Bits("zt"),
        ZeroCount = h.Bits("zc"),
        Count = h.Bits("count"),
        Sum = h.Bits("sum"),
        PositiveSpans = h.Spans("ps"),
        NegativeSpans = h.Spans("ns"),
        PositiveBuckets = h.Doubles("pb"),
        NegativeBuckets = h.Doubles("nb"),
        CustomValues = h.Doubles("cv"),
    };

    /// <summary>Everything about a histogram as text, floats by their bits: what tests compare.</summary>
    public static string Describe(Histogram h) =>
        $"{h.CounterResetHint} schema {h.Schema} zero {Hex(h.ZeroThreshold)} {h.ZeroCount} count {h.Count} sum {Hex(h.Sum)} "
        + $"+{Spans(h.PositiveSpans)}{string.Join(',', h.PositiveBuckets)} -{Spans(h.NegativeSpans)}{string.Join(',', h.NegativeBuckets)} "
        + $"custom {string.Join(',', h.CustomValues.Select(Hex))}";

    /// <inheritdoc cref="Describe(Model.Histogram)"/>
    public static string Describe(FloatHistogram h) =>
        $"{h.CounterResetHint} schema {h.Schema} zero {Hex(h.ZeroThreshold)} {Hex(h.ZeroCount)} count {Hex(h.Count)} sum {Hex(h.Sum)} "
        + $"+{Spans(h.PositiveSpans)}{string.Join(',', h.PositiveBuckets.Select(Hex))} "
        + $"-{Spans(h.NegativeSpans)}{string.Join(',', h.NegativeBuckets.Select(Hex))} "
        + $"custom {string.Join(',', h.CustomValues.Select(Hex))}";

    /// <summary>The same histogram with float counts, as queries see it.</summary>
    public static FloatHistogram ToFloat(Histogram h) => new()
    {
        CounterResetHint = h.CounterResetHint,
        Schema = h.Schema,
        ZeroThreshold = h.ZeroThreshold,
        ZeroCount = h.ZeroCount,
        Count = h.Count,
        Sum = h.Sum,
        PositiveSpans = h.PositiveSpans,
        NegativeSpans = h.NegativeSpans,
        PositiveBuckets = Sums(h.PositiveBuckets),
        NegativeBuckets = Sums(h.NegativeBuckets),
        CustomValues = h.CustomValues,
    };

    private static string Hex(double value) => BitConverter.DoubleToUInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture);

    private static string Spans(HistogramSpan[] spans) => $"[{string.Join(' ', spans.Select(span => $"{span.Offset}:{span.Length}"))}] ";

    private static HistogramSpan[] Spans(this JsonElement h, string name) =>
        [.. h.GetProperty(name).EnumerateArray().Select(span => new HistogramSpan(span[0].GetInt32(), span[1].GetUInt32()))];

    private static double[] Doubles(this JsonElement h, string name) =>
        h.TryGetProperty(name, out JsonElement values) ? [.. values.EnumerateArray().Select(value => value.Bits())] : [];

    private static double[] Sums(long[] deltas)
    {
        double[] counts = new double[deltas.Length];
        long count = 0;
        for (int i = 0; i < deltas.Length; i++)
            counts[i] = count += deltas[i];
        return counts;
    }
}
