using System.Globalization;
using Forethought.Encoding;

namespace Forethought.Web;

/// <summary>
/// Takes apart what browsers call <c>application/x-www-form-urlencoded</c>, as Go's <c>net/url</c>: a pair that cannot be read
/// is left out, the others count, and the first problem is kept for the routes that refuse such requests.
/// </summary>
internal sealed class UrlForm
{
    private readonly List<(string Name, string Value)> _values = [];

    /// <summary>The pairs in the order they came.</summary>
    public IReadOnlyList<(string Name, string Value)> Values => _values;

    /// <summary>The first problem, with Go's text; null when there was none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Adds a pair.</summary>
    public void Add(string name, string value) => _values.Add((name, value));

    /// <summary>Notes a problem.</summary>
    public void Refuse(string problem) => Problem ??= problem;

    /// <summary>Adds the pairs of a text, whose characters above U+007F stand for bytes.</summary>
    public void Parse(ReadOnlySpan<char> text)
    {
        foreach (Range range in text.Split('&'))
        {
            ReadOnlySpan<char> pair = text[range];
            if (pair.IsEmpty)
                continue;
            if (pair.Contains(';'))
            {
                Refuse("invalid semicolon separator in query");
                continue;
            }

            int equals = pair.IndexOf('=');
            if (TryDecode(equals < 0 ? pair : pair[..equals], out string name)
                && TryDecode(equals < 0 ? "" : pair[(equals + 1)..], out string value))
            {
                Add(name, value);
            }
        }
    }

    /// <summary>Undoes percent escapes; false if one is broken.</summary>
    /// <param name="text">The text.</param>
    /// <param name="plusIsSpace">Whether <c>+</c> stands for a space: in a query string, not in a path.</param>
    /// <param name="bytes">Where the bytes go; as long as the text.</param>
    /// <param name="length">How many bytes there are, or where the broken escape stands.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, bool plusIsSpace, Span<byte> bytes, out int length)
    {
        length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c != '%')
            {
                bytes[length++] = c == '+' && plusIsSpace ? (byte)' ' : (byte)c;
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                length = i;
                return false;
            }

            bytes[length++] = byte.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            i += 2;
        }

        return true;
    }

    private bool TryDecode(ReadOnlySpan<char> text, out string decoded)
    {
        decoded = "";
        if (!text.ContainsAny('%', '+') && System.Text.Ascii.IsValid(text))
        {
            decoded = text.ToString();
            return true;
        }

        byte[] bytes = new byte[text.Length];
        if (TryDecode(text, plusIsSpace: true, bytes, out int length))
        {
            decoded = System.Text.Encoding.UTF8.GetString(bytes, 0, length);
            return true;
        }

        Refuse($"invalid URL escape {GoQuote.Quote(text.Slice(length, Math.Min(3, text.Length - length)).ToString())}");
        return false;
    }
}
