using System.Text;

namespace Forethought.Configuration.Yaml;

/// <summary>
/// Carries arbitrary bytes through a .NET string: a byte that is not valid UTF-8 becomes the lone surrogate U+DC00 + byte (Python's
/// "surrogateescape"). Only <c>!!binary</c> scalars bring such bytes; names and values are checked for them.
/// </summary>
public static class SurrogateEscape
{
    /// <summary>Whether the text holds a byte that is not UTF-8.</summary>
    public static bool IsPresent(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The bytes the text stands for.</summary>
    public static byte[] ToBytes(string text)
    {
        if (!IsPresent(text))
        {
            return System.Text.Encoding.UTF8.GetBytes(text);
        }

        var bytes = new List<byte>(text.Length);
        Span<byte> encoded = stackalloc byte[4];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is >= '\uDC80' and <= '\uDCFF')
            {
                bytes.Add((byte)(text[i] - 0xDC00));
                continue;
            }

            Rune rune = Rune.TryGetRuneAt(text, i, out Rune found) ? found : Rune.ReplacementChar;
            bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
            i += rune.Utf16SequenceLength - 1;
        }

        return [.. bytes];
    }

    /// <summary>The text that stands for the bytes.</summary>
    internal static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[length..];
            }
            else
            {
                text.Append((char)(0xDC00 + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }
}
