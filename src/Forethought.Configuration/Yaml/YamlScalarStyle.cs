namespace Forethought.Configuration.Yaml;

/// <summary>Decides how a string is printed, by the analysis of libyaml's emitter.</summary>
internal static class YamlScalarStyle
{
    private const string Indicators = "#,[]{}&*!|>'\"%@`";

    internal enum Style
    {
        Plain,
        SingleQuoted,
        DoubleQuoted,
        Literal,
    }

    internal static Style Choose(string value, bool isKey, bool inFlow)
    {
        Features found = Analyze(value);
        bool onlyDouble = (found & (Features.Special | Features.SpaceBreak)) != 0;
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            bool literal = !onlyDouble && (found & Features.TrailingSpace) == 0 && !isKey && !inFlow;
            return literal ? Style.Literal : Style.DoubleQuoted;
        }

        if (LooksLikeAnotherType(value))
        {
            return Style.DoubleQuoted;
        }

        if (onlyDouble)
        {
            return Style.DoubleQuoted;
        }

        Features forbidden = Features.LeadingSpace | Features.TrailingSpace | (inFlow ? Features.FlowIndicators : Features.BlockIndicators);
        return (found & forbidden) == 0 ? Style.Plain : Style.SingleQuoted;
    }

    // The merge key is one only as a key, and stays plain.
    private static bool LooksLikeAnotherType(string value) =>
        ScalarResolver.Resolve(new YamlScalar(value, "", true)).Kind is not (ScalarKind.String or ScalarKind.Merge) || IsBase60(value);

    // ^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$ : other readers take it for a number in base 60.
    private static bool IsBase60(string value)
    {
        string[] parts = value.TrimStart('+', '-').Split(':');
        bool startsWithNumber = parts[0].Length > 0 && char.IsAsciiDigit(parts[0][0]) && parts[0].All(static c => char.IsAsciiDigit(c) || c == '_');
        if (parts.Length < 2 || !startsWithNumber)
        {
            return false;
        }

        int point = parts[^1].IndexOf('.', StringComparison.Ordinal);
        parts[^1] = point < 0 ? parts[^1] : parts[^1][..point];
        return parts.Skip(1).All(static part => part.Length is 1 or 2 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] <= '5'));
    }

    private static Features Analyze(string value)
    {
        Features found = value.StartsWith("---", StringComparison.Ordinal) || value.StartsWith("...", StringComparison.Ordinal)
            ? Features.BlockIndicators | Features.FlowIndicators
            : 0;
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            bool spaceBefore = i == 0 || IsBlank(value[i - 1]);
            bool spaceAfter = i + 1 == value.Length || IsBlank(value[i + 1]);
            found |= i == 0 ? FirstIndicator(c, spaceAfter) : LaterIndicator(c, spaceBefore, spaceAfter);
            found |= IsPrintable(c) ? 0 : Features.Special;
            found |= c == ' ' && i == 0 ? Features.LeadingSpace : 0;
            found |= c == ' ' && i == value.Length - 1 ? Features.TrailingSpace : 0;
            found |= c == '\n' && i > 0 && value[i - 1] == ' ' ? Features.SpaceBreak : 0;
        }

        return found;
    }

    private static Features FirstIndicator(char c, bool spaceAfter) => c switch
    {
        '?' or ':' => Features.FlowIndicators | (spaceAfter ? Features.BlockIndicators : 0),
        '-' when spaceAfter => Features.FlowIndicators | Features.BlockIndicators,
        _ => Indicators.Contains(c, StringComparison.Ordinal) ? Features.FlowIndicators | Features.BlockIndicators : 0,
    };

    private static Features LaterIndicator(char c, bool spaceBefore, bool spaceAfter) => c switch
    {
        ',' or '?' or '[' or ']' or '{' or '}' => Features.FlowIndicators,
        ':' => Features.FlowIndicators | (spaceAfter ? Features.BlockIndicators : 0),
        '#' when spaceBefore => Features.FlowIndicators | Features.BlockIndicators,
        _ => 0,
    };

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r';

    // Characters beyond the basic plane count as unprintable, as in go-yaml's emitter.
    private static bool IsPrintable(char c) =>
        c is '\n' or (>= ' ' and <= '~') or '\u0085' or (>= '\u00A0' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD' and not '\uFEFF');

    [Flags]
    private enum Features
    {
        BlockIndicators = 1,
        FlowIndicators = 2,
        LeadingSpace = 4,
        TrailingSpace = 8,
        SpaceBreak = 16,
        Special = 32,
    }
}
