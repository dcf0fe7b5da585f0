using System.Buffers;
using System.Text;

namespace Forethought.Regex.Matching;

/// <summary>Reads runes from bytes as Go does.</summary>
internal static class Utf8Runes
{
    /// <summary>The rune at <paramref name="position"/>, which must be inside the text. A byte that is not part of valid UTF-8 is a U+FFFD of length 1.</summary>
    internal static int Read(ReadOnlySpan<byte> text, int position, out int length)
    {
        int first = text[position];
        if (first < 0x80)
        {
            length = 1;
            return first;
        }

        if (Rune.DecodeFromUtf8(text[position..], out Rune rune, out length) == OperationStatus.Done)
            return rune.Value;
        length = 1;
        return Rune.ReplacementChar.Value;
    }
}
