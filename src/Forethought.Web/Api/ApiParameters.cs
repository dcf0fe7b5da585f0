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

    private readonly UrlForm _form;

    private ApiParameters(UrlForm form) => _form = form;

    /// <summary>Reads the parameters of a request. What cannot be read is left out: see <see cref="ThrowIfBroken"/>.</summary>
    public static async ValueTask<ApiParameters> ReadAsync(HttpRequest request)
    {
        var form = new UrlForm();
        if (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method))
            await ReadBodyAsync(request, form).ConfigureAwait(false);
        if (request.QueryString.Value is { Length: > 1 } query)
            form.Parse(query.AsSpan(1));
        return new ApiParameters(form);
    }

    /// <summary>Refuses a request whose parameters could not all be read; most routes are content with the others, as upstream.</summary>
    /// <exception cref="ApiException">A percent escape is broken or the form is too large.</exception>
    public void ThrowIfBroken()
    {
        if (_form.Problem is { } problem)
            throw new ApiException($"error parsing form values: {problem}");
    }

    /// <summary>The first value of a parameter; empty when it is absent.</summary>
    public string Text(string name)
    {
        foreach ((string candidate, string value) in _form.Values)
        {
            if (candidate == name)
                return value;
        }

        return "";
    }

    /// <summary>All values of a parameter.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. _form.Values.Where(pair => pair.Name == name).Select(pair => pair.Value)];

    /// <summary>The parameter <c>limit</c>, 0 for none.</summary>
    /// <exception cref="ApiException">It is no whole number or negative.</exception>
    public int Limit()
    {
        string text = Text("limit");
        if (text.Length == 0)
            return 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit))
            throw ApiException.InvalidParameter("limit", $"strconv.Atoi: parsing {GoQuote.Quote(text)}: {IntegerProblem(text)}");
        if (limit < 0)
            throw ApiException.InvalidParameter("limit", "limit must be non-negative");
        return (int)Math.Min(limit, int.MaxValue);
    }

    /// <summary>A time, or a default when the parameter is absent.</summary>
    /// <exception cref="ApiException">It is no time.</exception>
    public ApiTime Time(string name, ApiTime absent)
    {
        string text = Text(name);
        if (text.Length == 0)
            return absent;
        return ApiTime.TryParse(text, out ApiTime time)
            ? time
            : throw ApiException.InvalidParameter(name, $"invalid time value for '{name}': {NoTime(text)}");
    }

    /// <summary>A truth value in the forms of Go's <c>strconv.ParseBool</c>; false when the parameter is absent.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public bool Flag(string name)
    {
        string text = Text(name);
        return text switch
        {
            "" or "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
            "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
            _ => throw ApiException.InvalidParameter(
                name, $"unable to parse boolean: strconv.ParseBool: parsing {GoQuote.Quote(text)}: invalid syntax"),
        };
    }

    /// <summary>A time that must be given.</summary>
    /// <exception cref="ApiException">It is missing or no time.</exception>
    public ApiTime RequiredTime(string name)
    {
        string text = Text(name);
        return ApiTime.TryParse(text, out ApiTime time) ? time : throw ApiException.InvalidParameter(name, NoTime(text));
    }

    /// <summary>The nanoseconds of a duration: seconds as a number, or in Prometheus' units.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static long Nanoseconds(string text)
    {
        if (GoNumber.Parse(System.Text.Encoding.UTF8.GetBytes(text), out double seconds) == GoNumberStatus.Ok)
        {
            double nanoseconds = seconds * 1e9;
            if (nanoseconds > long.MaxValue || nanoseconds < long.MinValue)
                throw new FormatException($"cannot parse {GoQuote.Quote(text)} to a valid duration. It overflows int64");
            return ApiTime.ToInt64(nanoseconds);
        }

        try
        {
            return PrometheusDuration.Parse(text).Ticks * TimeSpan.NanosecondsPerTick;
        }
        catch (FormatException)
        {
            throw new FormatException($"cannot parse {GoQuote.Quote(text)} to a valid duration");
        }
    }

    /// <summary>The nanoseconds of a duration; the error names the parameter that it came from.</summary>
    /// <exception cref="ApiException">The text is no duration.</exception>
    public static long Nanoseconds(string name, string text)
    {
        try
        {
            return Nanoseconds(text);
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

    /// <summary>Why Go's <c>strconv</c> refuses a whole number.</summary>
    internal static string IntegerProblem(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan();
        digits = digits is ['+' or '-', ..] ? digits[1..] : digits;
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9') ? "value out of range" : "invalid syntax";
    }

    private static string NoTime(string text) => $"cannot parse {GoQuote.Quote(text)} to a valid timestamp";

    private static async ValueTask ReadBodyAsync(HttpRequest request, UrlForm form)
    {
        ReadOnlyMemory<char> type = (request.ContentType ?? "").AsMemory();
        int end = type.Span.IndexOf(';');
        ReadOnlyMemory<char> media = (end < 0 ? type : type[..end]).Trim();
        if (type.Length > 0 && media.Length == 0)
            form.Refuse("mime: no media type");
        else if (media.Span.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            await ReadFormAsync(request, form).ConfigureAwait(false);
        else if (media.Span.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            await ReadMultipartAsync(request, form).ConfigureAwait(false);
    }

    private static async ValueTask ReadFormAsync(HttpRequest request, UrlForm form)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int length = 0;
            while (true)
            {
                int read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted).ConfigureAwait(false);
                if (read == 0)
                {
                    form.Parse(System.Text.Encoding.Latin1.GetString(buffer, 0, length));
                    return;
                }

                length += read;
                if (length > MaxFormBytes)
                {
                    form.Refuse("http: POST too large");
                    return;
                }

                if (length == buffer.Length)
                    buffer = Grow(buffer, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Nobody but a hand at a shell sends these; the framework's reader bounds their size and number.
    private static async ValueTask ReadMultipartAsync(HttpRequest request, UrlForm form)
    {
        try
        {
            IFormCollection fields = await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in fields)
            {
                foreach (string? value in values)
                    form.Add(name, value ?? "");
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            form.Refuse(exception.Message);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        byte[] grown = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.AsSpan(0, length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(buffer);
        return grown;
    }
}
