using System.Buffers;
using System.Text;

namespace Forethought.Regex;

/// <summary>
/// Patterns as strings even where their bytes are not UTF-8: such a byte is the lone surrogate U+DC00 plus its value. The parser
/// refuses it with the right message, and literals get their bytes back.
/// </summary>
internal static class PatternText
{
    private const int EscapedByte = 0xDC00;

    internal static string FromUtf8(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder(utf8.Length);
        while (!utf8.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(utf8, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                utf8 = utf8[length..];
                continue;
            }

            text.Append((char)(EscapedByte + utf8[0]));
            utf8 = utf8[1..];
        }

        return text.ToString();
    }

    internal static byte[] ToUtf8(string text)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length + 1);
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf16(rest, out Rune rune, out int length);
            if (status != OperationStatus.Done && rest[0] is >= (char)(EscapedByte + 0x80) and <= (char)(EscapedByte + 0xFF))
                bytes.Write([(byte)(rest[0] - EscapedByte)]);
            else
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            rest = rest[length..];
        }

        return bytes.WrittenSpan.ToArray();
    }

    internal static bool IsWellFormed(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != OperationStatus.Done)
                return false;
            rest = rest[length..];
        }

        return true;
    }
}
