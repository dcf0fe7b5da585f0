using System.Buffers;
using System.Globalization;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.PromQL.Syntax;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>
/// The parameters of one request: those of a form in the body first, then those of the query string, in the forms that
/// Prometheus' API reads.
/// </summary>
public sealed class ApiParameters
{
    /// <summary>The largest form that is read, as in Go's <c>net/http</c>.</summary>
    private const int MaxFormBytes = 10 << 20;

    /// <summary>The first and last instant that Prometheus knows: about 292 million years around 1970, in milliseconds.</summary>
    public const long MinTimeMs = -9223372036854775;

    /// <summary>See <see cref="MinTimeMs"/>.</summary>
    public const long MaxTimeMs = 9223372036854775;

    private const string MinTimeText = "-292273086-05-16T16:47:06Z";
    private const string MaxTimeText = "292277025-08-18T07:12:54.999999999Z";

    private readonly List<(string Name, string Value)> _values;

    private ApiParameters(List<(string Name, string Value)> values) => _values = values;

    /// <summary>Reads the parameters of a request.</summary>
    /// <exception cref="ApiException">A percent escape is broken or the form is too large.</exception>
    public static async ValueTask<ApiParameters> ReadAsync(HttpRequest request)
    {
        var values = new List<(string, string)>();
        if (HttpMethods.IsPost(request.Method) && IsForm(request.ContentType))
            Parse(await ReadFormAsync(request).ConfigureAwait(false), values);
        if (request.QueryString.Value is { Length: > 1 } query)
            Parse(query.AsSpan(1), values);
        return new ApiParameters(values);
    }

    /// <summary>The first value of a parameter; empty when it is absent.</summary>
    public string Text(string name)
    {
        foreach ((string candidate, string value) in _values)
        {
            if (candidate == name)
                return value;
        }

        return "";
    }

    /// <summary>All values of a parameter.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. _values.Where(pair => pair.Name == name).Select(pair => pair.Value)];

    /// <summary>The parameter <c>limit</c>, 0 for none.</summary>
    public int Limit()
    {
        string text = Text("limit");
        if (text.Length == 0)
            return 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit))
            throw ApiException.InvalidParameter("limit", $"strconv.Atoi: parsing {GoQuote.Quote(text)}: {AtoiProblem(text)}");
        if (limit < 0)
            throw ApiException.InvalidParameter("limit", "limit must be non-negative");
        return (int)Math.Min(limit, int.MaxValue);
    }

    /// <summary>A time in milliseconds, or a default when the parameter is absent.</summary>
    public long Time(string name, long defaultMs)
    {
        string text = Text(name);
        if (text.Length == 0)
            return defaultMs;
        return TryTime(text, out long timeMs)
            ? timeMs
            : throw ApiException.InvalidParameter(name, $"invalid time value for '{name}': {NoTime(text)}");
    }

    /// <summary>A time in milliseconds that must be given.</summary>
    public long RequiredTime(string name)
    {
        string text = Text(name);
        return TryTime(text, out long timeMs) ? timeMs : throw ApiException.InvalidParameter(name, NoTime(text));
    }

    /// <summary>A duration: seconds as a number, or in Prometheus' units.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static TimeSpan Duration(string text)
    {
        if (GoNumber.Parse(System.Text.Encoding.UTF8.GetBytes(text), out double seconds) == GoNumberStatus.Ok)
        {
            double nanoseconds = seconds * 1e9;
            if (nanoseconds > long.MaxValue || nanoseconds < long.MinValue)
                throw new FormatException($"cannot parse {GoQuote.Quote(text)} to a valid duration. It overflows int64");
            return double.IsNaN(nanoseconds) ? TimeSpan.Zero : new TimeSpan((long)(nanoseconds / TimeSpan.NanosecondsPerTick));
        }

        try
        {
            return PrometheusDuration.Parse(text);
        }
        catch (FormatException)
        {
            throw new FormatException($"cannot parse {GoQuote.Quote(text)} to a valid duration");
        }
    }

    /// <summary>A duration; the error names the parameter that it came from.</summary>
    /// <exception cref="ApiException">The text is no duration.</exception>
    public static TimeSpan Duration(string name, string text)
    {
        try
        {
            return Duration(text);
        }
        catch (FormatException exception)
        {
            throw ApiException.InvalidParameter(name, exception.Message);
        }
    }

    /// <summary>The selectors of <c>match[]</c>, each with a matcher that does not accept the empty value.</summary>
    /// <exception cref="ApiException">A selector cannot be parsed or would accept every series.</exception>
    public IReadOnlyList<IReadOnlyList<Matcher>> Selectors(bool namesParameter = false)
    {
        try
        {
            var selectors = new List<IReadOnlyList<Matcher>>();
            foreach (string text in Texts("match[]"))
                selectors.Add(PromQlParser.ParseSelector(text));
            if (selectors.Any(matchers => matchers.All(matcher => matcher.MatchesEmpty)))
                throw new ApiException("match[] must contain at least one non-empty matcher");
            return selectors;
        }
        catch (Exception exception) when (exception is PromQlParseException or ApiException)
        {
            throw namesParameter ? ApiException.InvalidParameter("match[]", exception.Message) : new ApiException(exception.Message);
        }
    }

    /// <summary>Reads a time: seconds as a number, RFC 3339, or one of the two boundary texts.</summary>
    public static bool TryTime(string text, out long timeMs)
    {
        if (GoNumber.Parse(System.Text.Encoding.UTF8.GetBytes(text), out double seconds) == GoNumberStatus.Ok)
        {
            double whole = Math.Truncate(seconds);
            double fraction = Math.Round((seconds - whole) * 1000, MidpointRounding.AwayFromZero);
            timeMs = ((long)whole * 1000) + (long)fraction;
            return true;
        }

        if (text is MinTimeText or MaxTimeText)
        {
            timeMs = text is MinTimeText ? MinTimeMs : MaxTimeMs;
            return true;
        }

        return Rfc3339.TryParse(text, out timeMs);
    }

    private static string NoTime(string text) => $"cannot parse {GoQuote.Quote(text)} to a valid timestamp";

    private static string AtoiProblem(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimStart("+-");
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9') ? "value out of range" : "invalid syntax";
    }

    private static bool IsForm(string? contentType)
    {
        ReadOnlySpan<char> type = contentType;
        int end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
    }

    private static async ValueTask<string> ReadFormAsync(HttpRequest request)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int length = 0;
            while (true)
            {
                int read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted).ConfigureAwait(false);
                if (read == 0)
                    return System.Text.Encoding.Latin1.GetString(buffer, 0, length);
                length += read;
                if (length > MaxFormBytes)
                    throw new ApiException("error parsing form values: http: POST too large");
                if (length == buffer.Length)
                    buffer = Grow(buffer, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        byte[] grown = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.AsSpan(0, length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(buffer);
        return grown;
    }

    private static void Parse(ReadOnlySpan<char> text, List<(string Name, string Value)> values)
    {
        foreach (Range range in text.Split('&'))
        {
            ReadOnlySpan<char> pair = text[range];
            if (pair.IsEmpty)
                continue;
            if (pair.Contains(';'))
                throw new ApiException("error parsing form values: invalid semicolon separator in query");
            int equals = pair.IndexOf('=');
            values.Add(equals < 0 ? (Decode(pair), "") : (Decode(pair[..equals]), Decode(pair[(equals + 1)..])));
        }
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny('%', '+') && System.Text.Ascii.IsValid(text))
            return text.ToString();
        byte[] bytes = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c != '%')
            {
                bytes[length++] = c == '+' ? (byte)' ' : (byte)c;
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                string escape = text.Slice(i, Math.Min(3, text.Length - i)).ToString();
                throw new ApiException($"error parsing form values: invalid URL escape {GoQuote.Quote(escape)}");
            }

            bytes[length++] = byte.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            i += 2;
        }

        return System.Text.Encoding.UTF8.GetString(bytes, 0, length);
    }
}
