using System.Text;
using Forethought.Encoding;

namespace Forethought.Client;

/// <summary>The labels of an exemplar (<c>trace_id</c>, say): what points from a counter or bucket to one event. Immutable.</summary>
public sealed class ExemplarLabels
{
    /// <summary>The most characters that names and values may have together (OpenMetrics 1.0.0, "Exemplars").</summary>
    public const int MaxRunes = 128;

    private readonly (string Name, string Value)[] _labels;

    /// <summary>Checks and keeps the labels, in the order given.</summary>
    /// <exception cref="ArgumentException">A name or value is not valid, or all together are too long.</exception>
    public ExemplarLabels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        int runes = 0;
        foreach ((string name, string value) in labels)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(value);
            if (!MetricName.IsValidLabelName(name))
                throw new ArgumentException($"exemplar label name {GoQuote.Quote(name)} is invalid");
            if (!MetricName.IsUtf8(value))
                throw new ArgumentException($"exemplar label value {GoQuote.Quote(value)} is not valid UTF-8");
            runes += CountRunes(name) + CountRunes(value);
        }

        if (runes > MaxRunes)
            throw new ArgumentException($"exemplar labels have {runes} runes, exceeding the limit of {MaxRunes}");
        _labels = labels.ToArray();
    }

    /// <summary>Names and values in the order given.</summary>
    public IReadOnlyList<(string Name, string Value)> Labels => _labels;

    private static int CountRunes(string text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
