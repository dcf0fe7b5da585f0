using System.Globalization;
using System.Text;

namespace Forethought.Regex.Tests;

/// <summary>Reads Go string literals in ASCII, as the golden tables have them.</summary>
internal static class GoLiteral
{
    internal static byte[] Unquote(string literal)
    {
        var bytes = new List<byte>();
        for (int i = 1; i < literal.Length - 1; i++)
        {
            if (literal[i] != '\\')
            {
                bytes.Add((byte)literal[i]);
                continue;
            }

            char kind = literal[++i];
            int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            int value = digits == 0 ? 0 : int.Parse(literal.AsSpan(i + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            i += digits;
            switch (kind)
            {
                case 'x': bytes.Add((byte)value); break;
                case 'u' or 'U': bytes.AddRange(Encoding.UTF8.GetBytes(new Rune(value).ToString())); break;
                case 'a': bytes.Add(7); break;
                case 'b': bytes.Add(8); break;
                case 'f': bytes.Add(12); break;
                case 'n': bytes.Add((byte)'\n'); break;
                case 'r': bytes.Add((byte)'\r'); break;
                case 't': bytes.Add((byte)'\t'); break;
                case 'v': bytes.Add(11); break;
                default: bytes.Add((byte)kind); break;
            }
        }

        return [.. bytes];
    }
}
