using System.Diagnostics.CodeAnalysis;

namespace Forethought.Exposition;

/// <summary>
/// Parses a <c>Content-Type</c> as Go's <c>mime.ParseMediaType</c> does: the same values pass, and those refused are refused with the
/// same words. Parameters are checked and dropped; continuations (RFC 2231) are not joined, since no format has one.
/// </summary>
internal static class MediaType
{
    private const string Specials = "()<>@,;:\\\"/[]?=";
    private const string InvalidParameter = "mime: invalid media parameter";

    public static bool TryParse(string value, out string mediaType, [NotNullWhen(false)] out string? error)
    {
        int end = value.IndexOf(';', StringComparison.Ordinal);
        ReadOnlySpan<char> rest = end < 0 ? default : value.AsSpan(end);
#pragma warning disable CA1308 // Media types are compared in lower case.
        mediaType = (end < 0 ? value : value[..end]).ToLowerInvariant().Trim();
#pragma warning restore CA1308
        error = CheckType(mediaType) ?? CheckParameters(rest);
        return error is null;
    }

    private static string? CheckType(ReadOnlySpan<char> text)
    {
        if (TakeToken(ref text).IsEmpty)
            return "mime: no media type";
        if (text.IsEmpty)
            return null;
        if (text[0] != '/')
            return "mime: expected slash after first token";
        text = text[1..];
        if (TakeToken(ref text).IsEmpty)
            return "mime: expected token after slash";
        return text.IsEmpty ? null : "mime: unexpected content after media subtype";
    }

    private static string? CheckParameters(ReadOnlySpan<char> rest)
    {
        Dictionary<string, string>? seen = null;
        while (true)
        {
            rest = rest.TrimStart();
            // A semicolon at the end is forgiven, two are not.
            if (rest.IsEmpty || rest.TrimEnd() is ";")
                return null;
            if (!TryTakeParameter(ref rest, out string name, out string value))
                return InvalidParameter;
            seen ??= new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            if (!seen.TryAdd(name, value) && seen[name] != value)
                return "mime: duplicate parameter name";
        }
    }

    private static bool TryTakeParameter(ref ReadOnlySpan<char> rest, out string name, out string value)
    {
        name = value = "";
        if (rest[0] != ';')
            return false;
        rest = rest[1..].TrimStart();
        name = TakeToken(ref rest).ToString();
        rest = rest.TrimStart();
        if (name.Length == 0 || rest.IsEmpty || rest[0] != '=')
            return false;
        rest = rest[1..].TrimStart();
        if (!rest.IsEmpty && rest[0] == '"')
            return TryTakeQuoted(ref rest, out value);
        value = TakeToken(ref rest).ToString();
        return value.Length > 0;
    }

    private static bool TryTakeQuoted(ref ReadOnlySpan<char> rest, out string value)
    {
        var text = new System.Text.StringBuilder();
        value = "";
        for (int i = 1; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case '"':
                    value = text.ToString();
                    rest = rest[(i + 1)..];
                    return true;
                case '\r' or '\n':
                    return false;
                case '\\' when i + 1 < rest.Length && Specials.Contains(rest[i + 1], StringComparison.Ordinal):
                    i++;
                    break;
            }

            text.Append(rest[i]);
        }

        return false;
    }

    private static ReadOnlySpan<char> TakeToken(ref ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && text[length] is > ' ' and < '\x7f' && !Specials.Contains(text[length], StringComparison.Ordinal))
            length++;
        ReadOnlySpan<char> token = text[..length];
        text = text[length..];
        return token;
    }
}
