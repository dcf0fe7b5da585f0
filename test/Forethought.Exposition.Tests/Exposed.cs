using System.Globalization;
using Forethought.Model;

namespace Forethought.Exposition.Tests;

/// <summary>Reads a whole exposition into lines of text, so that tests can compare with one.</summary>
internal static class Exposed
{
    public static byte[] Body(string text, ExpositionFormat format) =>
        Body(System.Text.Encoding.UTF8.GetBytes(text), format);

    public static byte[] Body(ReadOnlySpan<byte> text, ExpositionFormat format) =>
        format == ExpositionFormat.Text ? [.. text, (byte)'\n'] : text.ToArray();

    public static List<string> Read(string text, ExpositionFormat format = ExpositionFormat.Text) => ReadBody(Body(text, format), format);

    public static List<string> ReadBody(ReadOnlySpan<byte> body, ExpositionFormat format)
    {
        var lines = new List<string>();
        var reader = new ExpositionReader(body, format);
        while (reader.Read() is var entry && entry != ExpositionEntry.End)
            lines.Add(Describe(ref reader, entry));
        return lines;
    }

    public static string Describe(ref ExpositionReader reader, ExpositionEntry entry)
    {
        string name = Text(reader.MetadataName);
        switch (entry)
        {
            case ExpositionEntry.Comment: return $"comment {Text(reader.Text)}";
            case ExpositionEntry.Type: return $"type {name} {reader.Type.Name()}";
            case ExpositionEntry.Unit: return $"unit {name} {Text(reader.Text)}";
            case ExpositionEntry.Help:
                byte[] help = new byte[reader.Text.Length];
                return $"help {name} {Text(help.AsSpan(0, reader.UnescapeHelp(help)))}";
            default: return Sample(ref reader);
        }
    }

    private static string Sample(ref ExpositionReader reader)
    {
        var labels = new LabelsBuilder();
        reader.AppendLabels(labels);
        string set = labels.HasDuplicateNames(out ReadOnlySpan<byte> name) ? $"{{duplicate {Text(name)}}}" : labels.ToLabels().ToString();
        string text = string.Create(CultureInfo.InvariantCulture, $"{set} {reader.Value}");
        if (reader.HasTimestamp)
            text += string.Create(CultureInfo.InvariantCulture, $" @{reader.TimestampMs}");
        if (!reader.HasExemplar)
            return text;
        labels.Clear();
        reader.AppendExemplarLabels(labels);
        set = labels.HasDuplicateNames(out name) ? $"{{duplicate {Text(name)}}}" : labels.ToLabels().ToString();
        text += string.Create(CultureInfo.InvariantCulture, $" # {set} {reader.ExemplarValue}");
        return reader.HasExemplarTimestamp ? text + string.Create(CultureInfo.InvariantCulture, $" @{reader.ExemplarTimestampMs}") : text;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}
