using System.Text.Json;
using Forethought.Model;

namespace Forethought.Tsdb.Tests;

/// <summary>Samples of golden files and of batches as texts that can be compared, floats by their bits.</summary>
internal static class GoldenSamples
{
    /// <summary>The samples of a file by the packed labels of their series, in hexadecimal.</summary>
    public static Dictionary<string, JsonElement> Read(string path) => GoldenJson.Lines(path).ToDictionary(
        line => Convert.ToHexString(line.PackedLabels()),
        line => line.GetProperty("samples"));

    public static List<string> Describe(JsonElement samples, bool withHints = false) =>
        [.. samples.EnumerateArray().Select(sample => $"{sample[0].GetInt64()} {sample[1].GetInt64()} {DescribeValue(sample[2], withHints)}")];

    public static List<string> Describe(SampleBatch batch, bool withHints = false)
    {
        var texts = new List<string>();
        for (int i = 0; i < batch.Count; i++)
        {
            string value = batch.Histograms?[i] is { } histogram ? Describe(histogram, withHints) : Hex(batch.Values[i]);
            texts.Add($"{batch.TimesMs[i]} {batch.StartTimesMs?[i] ?? 0} {value}");
        }

        return texts;
    }

    /// <summary>Hints depend on who reads; where another one reads than the one recorded they are not compared.</summary>
    public static string Describe(FloatHistogram histogram, bool withHints = false)
    {
        if (!withHints)
            histogram.CounterResetHint = CounterResetHint.Unknown;
        return GoldenJson.Describe(histogram);
    }

    public static string Hex(double value) => $"{BitConverter.DoubleToUInt64Bits(value):x16}";

    private static string DescribeValue(JsonElement value, bool withHints)
    {
        if (value.ValueKind == JsonValueKind.String)
            return Hex(value.Bits());
        bool isFloat = value.GetProperty("count").ValueKind == JsonValueKind.String;
        return Describe(isFloat ? value.FloatHistogram() : GoldenJson.ToFloat(value.Histogram()), withHints);
    }
}
