using System.Buffers;
using System.Globalization;
using System.Text;

namespace Forethought.Client;

/// <summary>Validity and escaping of metric and label names.</summary>
internal static class MetricName
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);

    /// <summary>Names with this prefix belong to the server.</summary>
    private const string ReservedLabelPrefix = "__";

    /// <summary>Whether the name needs neither quotes nor escaping: <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>.</summary>
    public static bool IsLegacy(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && !char.IsAsciiDigit((char)name[0]) && !name.ContainsAnyExcept(NameBytes);

    /// <summary>Whether the text can be a metric name: not empty, and encodable as UTF-8.</summary>
    public static bool IsValidMetricName(string name) => name.Length > 0 && IsUtf8(name);

    /// <summary>As <see cref="IsValidMetricName"/>, and not reserved for the server.</summary>
    public static bool IsValidLabelName(string name) =>
        IsValidMetricName(name) && !name.StartsWith(ReservedLabelPrefix, StringComparison.Ordinal);

    /// <summary>Whether the text has no lone surrogate, the one thing a string can hold and UTF-8 cannot.</summary>
    public static bool IsUtf8(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (true)
        {
            int surrogate = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (surrogate < 0)
                return true;
            if (Rune.DecodeFromUtf16(rest[surrogate..], out _, out int consumed) != OperationStatus.Done)
                return false;
            rest = rest[(surrogate + consumed)..];
        }
    }

    /// <summary>
    /// The name under <paramref name="scheme"/>; a name that needs no escaping comes back as it is. Invalid UTF-8 counts as U+FFFD.
    /// </summary>
    public static ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> name, NameEscapingScheme scheme)
    {
        if (scheme == NameEscapingScheme.AllowUtf8 || name.IsEmpty || IsLegacy(name))
            return name;
        var escaped = new StringBuilder(name.Length + 16);
        if (scheme == NameEscapingScheme.Values)
            escaped.Append("U__");
        bool first = true;
        while (!name.IsEmpty)
        {
            Rune.DecodeFromUtf8(name, out Rune rune, out int consumed);
            name = name[consumed..];
            bool fits = rune.IsAscii && NameBytes.Contains((byte)rune.Value) && !(first && Rune.IsDigit(rune));
            AppendEscaped(escaped, rune, fits, scheme);
            first = false;
        }

        return System.Text.Encoding.ASCII.GetBytes(escaped.ToString());
    }

    private static void AppendEscaped(StringBuilder escaped, Rune rune, bool fits, NameEscapingScheme scheme)
    {
        if (rune.Value == '_' && scheme != NameEscapingScheme.Underscores)
            escaped.Append("__");
        else if (rune.Value == '.' && scheme == NameEscapingScheme.Dots)
            escaped.Append("_dot_");
        else if (fits)
            escaped.Append((char)rune.Value);
        else if (scheme == NameEscapingScheme.Underscores)
            escaped.Append('_');
        else if (scheme == NameEscapingScheme.Dots)
            escaped.Append("__");
        else
            escaped.Append(CultureInfo.InvariantCulture, $"_{rune.Value:x}_");
    }
}
