using System.Buffers;
using System.Globalization;
using System.Text;
using Forethought.Regex.Matching;

namespace Forethought.Regex;

/// <summary>
/// Go's <c>regexp.Expand</c>: <c>$1</c>, <c>${1}</c>, <c>$name</c>, <c>${name}</c> and <c>$$</c>. A name without braces is as long
/// as possible; what names no group, or one that did not take part, is empty; a <c>$</c> before no name stands for itself.
/// </summary>
internal static class TemplateExpander
{
    internal static void Expand(
        ReadOnlySpan<byte> template, ReadOnlySpan<byte> input, ReadOnlySpan<int> captures, IReadOnlyList<string> names, IBufferWriter<byte> output)
    {
        while (template.IndexOf((byte)'$') is >= 0 and var dollar)
        {
            output.Write(template[..dollar]);
            template = template[(dollar + 1)..];
            if (template.StartsWith("$"u8))
            {
                output.Write("$"u8);
                template = template[1..];
            }
            else if (!TryReadReference(template, out ReadOnlySpan<byte> name, out int length))
            {
                output.Write("$"u8);
            }
            else
            {
                int group = FindGroup(name, captures, names);
                if (group >= 0)
                    output.Write(input[captures[2 * group]..captures[2 * group + 1]]);
                template = template[length..];
            }
        }

        output.Write(template);
    }

    private static bool TryReadReference(ReadOnlySpan<byte> template, out ReadOnlySpan<byte> name, out int length)
    {
        int start = template.StartsWith("{"u8) ? 1 : 0;
        length = start;
        while (length < template.Length)
        {
            int rune = Utf8Runes.Read(template, length, out int runeLength);
            if (rune != '_' && !Rune.IsLetter(new Rune(rune)) && !Rune.IsDigit(new Rune(rune)))
                break;
            length += runeLength;
        }

        name = template[start..length];
        if (name.IsEmpty)
            return false;
        if (start == 0)
            return true;
        return length < template.Length && template[length++] == '}';
    }

    /// <summary>The group of that number or name that took part in the match, or -1.</summary>
    private static int FindGroup(ReadOnlySpan<byte> name, ReadOnlySpan<int> captures, IReadOnlyList<string> names)
    {
        if (TryReadNumber(name, out int number))
            return number < captures.Length / 2 && captures[2 * number] >= 0 ? number : -1;

        string text = Encoding.UTF8.GetString(name);
        for (int group = 1; group < Math.Min(names.Count, captures.Length / 2); group++)
        {
            if (captures[2 * group] >= 0 && names[group] == text)
                return group;
        }

        return -1;
    }

    // A number with leading zeros or beyond 10⁸ is a name.
    private static bool TryReadNumber(ReadOnlySpan<byte> name, out int number)
    {
        number = 0;
        return name.Length <= 9 && (name.Length == 1 || name[0] != '0') && name.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
