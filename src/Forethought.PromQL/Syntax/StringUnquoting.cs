using System.Globalization;
using System.Text;

namespace Forethought.PromQL.Syntax;

/// <summary>
/// The value of a quoted string that the lexer has accepted: in double or single quotes with Go's escapes, in backquotes without any.
/// Escapes may spell bytes that are no UTF-8; such a byte becomes the lone surrogate U+DC00 + byte, so that it survives printing.
/// </summary>
internal static class StringUnquoting
{
    private const char FirstByte = '\uDC80';
    private const char LastByte = '\uDCFF';

    /// <summary>The UTF-8 form of an unquoted string, in which lone surrogates that stand for bytes are those bytes again.</summary>
    internal static byte[] ToBytes(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(FirstByte, LastByte) < 0)
        {
            return System.Text.Encoding.UTF8.GetBytes(text);
        }

        var bytes = new List<byte>(text.Length);
        Span<byte> buffer = stackalloc byte[4];
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            bool valid = Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (!valid && rest[0] is >= FirstByte and <= LastByte)
            {
                bytes.Add((byte)rest[0]);
            }
            else
            {
                bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
            }

            rest = rest[length..];
        }

        return [.. bytes];
    }

    /// <summary>Whether an unquoted string is valid as text: no lone surrogate stands for a byte in it.</summary>
    internal static bool IsValidUtf8(string text) => ToBytes(text) is var bytes && System.Text.Unicode.Utf8.IsValid(bytes);

    /// <summary>The value of <paramref name="quoted"/>, which includes its quotes.</summary>
    internal static string Unquote(string quoted)
    {
        ReadOnlySpan<char> inner = quoted.AsSpan(1, quoted.Length - 2);
        if (quoted[0] == '`' || !inner.Contains('\\'))
        {
            return inner.ToString();
        }

        var bytes = new List<byte>(inner.Length);
        Span<byte> buffer = stackalloc byte[4];
        while (!inner.IsEmpty)
        {
            if (inner[0] == '\\')
            {
                inner = inner[AppendEscape(inner[1..], bytes)..];
                continue;
            }

            Rune.DecodeFromUtf16(inner, out Rune rune, out int length);
            bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
            inner = inner[length..];
        }

        return Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>Appends what the escape after a backslash means and returns its length, backslash included.</summary>
    private static int AppendEscape(ReadOnlySpan<char> escape, List<byte> bytes)
    {
        switch (escape[0])
        {
            case 'x':
                bytes.Add(byte.Parse(escape.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                return 4;
            case 'u' or 'U':
                int digits = escape[0] == 'u' ? 4 : 8;
                var rune = new Rune(int.Parse(escape.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                Span<byte> utf8 = stackalloc byte[4];
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                return digits + 2;
            case >= '0' and <= '7':
                bytes.Add((byte)(((escape[0] - '0') << 6) | ((escape[1] - '0') << 3) | (escape[2] - '0')));
                return 4;
            default:
                bytes.Add(SimpleEscape(escape[0]));
                return 2;
        }
    }

    private static byte SimpleEscape(char c) => (byte)(c switch
    {
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        _ => c,
    });

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        var builder = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
            {
                builder.Append(rune.ToString());
                bytes = bytes[length..];
            }
            else
            {
                builder.Append((char)(0xDC00 + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return builder.ToString();
    }
}
