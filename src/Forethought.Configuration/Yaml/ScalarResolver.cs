using System.Globalization;

namespace Forethought.Configuration.Yaml;

/// <summary>
/// Decides the type of a scalar as Go's yaml.v2 does: YAML 1.1 with <c>yes</c>/<c>no</c>/<c>on</c>/<c>off</c>, underscores in numbers,
/// octal by leading zero, and no base 60.
/// </summary>
internal static class ScalarResolver
{
    internal static ResolvedScalar Resolve(YamlScalar scalar)
    {
        string tag = scalar.Tag;
        if (tag.Length == 0 && !scalar.IsPlain)
        {
            return Text(scalar.Value);
        }

        if (tag == YamlTags.Binary)
        {
            return Binary(scalar.Value);
        }

        if (tag == YamlTags.String)
        {
            return Text(scalar.Value);
        }

        if (tag is not ("" or YamlTags.Boolean or YamlTags.Integer or YamlTags.Float or YamlTags.Null or YamlTags.Timestamp))
        {
            return new ResolvedScalar(ScalarKind.Other, tag) { Text = scalar.Value };
        }

        return MatchTag(tag, Guess(scalar.Value, tag), scalar.Value);
    }

    private static ResolvedScalar MatchTag(string wanted, ResolvedScalar found, string text)
    {
        if (wanted.Length == 0 || wanted == found.Tag)
        {
            return found;
        }

        if (wanted == YamlTags.Float && found.Kind == ScalarKind.Integer)
        {
            return new ResolvedScalar(ScalarKind.Float, YamlTags.Float) { Float = found.Integer };
        }

        throw new ConfigurationException($"yaml: cannot decode {found.Tag} `{text}` as a {wanted}");
    }

    private static ResolvedScalar Guess(string text, string tag)
    {
        switch (text)
        {
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return new ResolvedScalar(ScalarKind.Boolean, YamlTags.Boolean) { Boolean = true };
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return new ResolvedScalar(ScalarKind.Boolean, YamlTags.Boolean);
            case "" or "~" or "null" or "Null" or "NULL":
                return new ResolvedScalar(ScalarKind.Null, YamlTags.Null);
            case ".nan" or ".NaN" or ".NAN":
                return Float(double.NaN);
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF":
                return Float(double.PositiveInfinity);
            case "-.inf" or "-.Inf" or "-.INF":
                return Float(double.NegativeInfinity);
            case "<<":
                return new ResolvedScalar(ScalarKind.Merge, YamlTags.Merge);
        }

        if (text[0] == '.')
        {
            return FloatOrText(text, text);
        }

        return char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' ? GuessNumber(text, tag) : Text(text);
    }

    private static ResolvedScalar GuessNumber(string text, string tag)
    {
        if (tag is "" or YamlTags.Timestamp && IsTimestamp(text))
        {
            return new ResolvedScalar(ScalarKind.Timestamp, YamlTags.Timestamp) { Text = text };
        }

        string plain = text.Replace("_", "", StringComparison.Ordinal);
        if (TryParseInteger(plain, out bool negative, out ulong magnitude))
        {
            if (magnitude <= long.MaxValue || (negative && magnitude == 1UL << 63))
            {
                long value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
                return new ResolvedScalar(ScalarKind.Integer, YamlTags.Integer) { Integer = value };
            }

            if (plain[0] is not ('-' or '+'))
            {
                return new ResolvedScalar(ScalarKind.Unsigned, YamlTags.Integer) { Unsigned = magnitude };
            }
        }

        return FloatOrText(plain, text);
    }

    // A number too large for a float stays a text, because Go calls it out of range.
    private static ResolvedScalar FloatOrText(string plain, string text) =>
        IsFloat(plain) && double.Parse(plain, CultureInfo.InvariantCulture) is var value && double.IsFinite(value) ? Float(value) : Text(text);

    // Go's strconv.ParseInt with base 0: 0x, 0o, 0b and a leading zero choose the base.
    private static bool TryParseInteger(string text, out bool negative, out ulong magnitude)
    {
        ReadOnlySpan<char> rest = text;
        negative = rest.StartsWith("-");
        rest = rest[0] is '-' or '+' ? rest[1..] : rest;
        ulong radix = 10;
        if (rest.Length > 1 && rest[0] == '0')
        {
            radix = char.ToLowerInvariant(rest[1]) switch { 'x' => 16UL, 'b' => 2UL, _ => 8UL };
            rest = rest[1] is 'x' or 'X' or 'b' or 'B' or 'o' or 'O' ? rest[2..] : rest[1..];
        }

        magnitude = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        foreach (char c in rest)
        {
            ulong digit = char.IsAsciiHexDigit(c) ? (ulong)Convert.ToInt32(c.ToString(), 16) : 16;
            if (digit >= radix || magnitude > (ulong.MaxValue - digit) / radix)
            {
                return false;
            }

            magnitude = (magnitude * radix) + digit;
        }

        return true;
    }

    // ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$
    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        int i = text[0] is '-' or '+' ? 1 : 0;
        int whole = SkipDigits(text, ref i);
        if (i < text.Length && text[i] == '.')
        {
            i++;
            if (SkipDigits(text, ref i) == 0 && whole == 0)
            {
                return false;
            }
        }
        else if (whole == 0)
        {
            return false;
        }

        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            i += i < text.Length && text[i] is '-' or '+' ? 1 : 0;
            if (SkipDigits(text, ref i) == 0)
            {
                return false;
            }
        }

        return i == text.Length;
    }

    private static int SkipDigits(ReadOnlySpan<char> text, ref int i)
    {
        int start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        return i - start;
    }

    // Four digits, a month, a day and maybe a time; decides only how a misplaced scalar is named in an error.
    private static bool IsTimestamp(string text)
    {
        int i = 0;
        if (SkipDigits(text, ref i) != 4 || i == text.Length || text[i] != '-')
        {
            return false;
        }

        return DateTime.TryParseExact(
            text,
            ["yyyy-M-d", "yyyy-M-d'T'H:m:s.FFFFFFFK", "yyyy-M-d't'H:m:s.FFFFFFFK", "yyyy-M-d H:m:s.FFFFFFF"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.RoundtripKind,
            out _);
    }

    private static ResolvedScalar Binary(string text)
    {
        try
        {
            return new ResolvedScalar(ScalarKind.Binary, YamlTags.Binary) { Text = SurrogateEscape.FromBytes(Convert.FromBase64String(text)) };
        }
        catch (FormatException e)
        {
            throw new ConfigurationException("yaml: !!binary value contains invalid base64 data", e);
        }
    }

    private static ResolvedScalar Text(string text) => new(ScalarKind.String, YamlTags.String) { Text = text };

    private static ResolvedScalar Float(double value) => new(ScalarKind.Float, YamlTags.Float) { Float = value };
}
