using System.Globalization;
using System.Net;
using System.Text.Json;
using Forethought.Encoding;

namespace Forethought.Http.Credentials;

/// <summary>What a token endpoint answered, in JSON or, as some do, in a form.</summary>
/// <param name="AccessToken">The token; empty when there is none.</param>
/// <param name="TokenType">The scheme as the endpoint spells it.</param>
/// <param name="Lifetime">How long the token lives; <see langword="null"/> for ever.</param>
/// <param name="ErrorCode">Why there is no token; some endpoints say so with the status 200.</param>
/// <param name="ErrorText">The error as Go's oauth2 package prints it.</param>
internal sealed record TokenAnswer(string AccessToken, string TokenType, TimeSpan? Lifetime, string ErrorCode, string ErrorText)
{
    private static readonly TokenAnswer None = From(static _ => "");

    /// <summary>Reads the answer; that of a refusal may be anything.</summary>
    /// <exception cref="HttpRequestException">A success is not JSON.</exception>
    internal static TokenAnswer Parse(HttpResponseMessage response, string body)
    {
        if (response.Content.Headers.ContentType?.MediaType is "application/x-www-form-urlencoded" or "text/plain")
        {
            Dictionary<string, string> fields = FieldsOf(body);
            return From(key => fields.GetValueOrDefault(key, ""));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            return From(key => TextOf(root, key));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return response.IsSuccessStatusCode ? throw new HttpRequestException($"oauth2: cannot parse json: {e.Message}", e) : None;
        }
    }

    private static TokenAnswer From(Func<string, string> field)
    {
        // What does not fit, 68 years, means for ever.
        bool expires = int.TryParse(field("expires_in"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0;
        string error = field("error");
        string text = "oauth2: " + GoQuote.Quote(error);
        foreach (string detail in (ReadOnlySpan<string>)[field("error_description"), field("error_uri")])
        {
            text += detail.Length == 0 ? "" : " " + GoQuote.Quote(detail);
        }

        return new TokenAnswer(field("access_token"), field("token_type"), expires ? TimeSpan.FromSeconds(seconds) : null, error, text);
    }

    // Some endpoints send numbers as text.
    private static string TextOf(JsonElement root, string key) =>
        !root.TryGetProperty(key, out JsonElement value) ? ""
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };

    private static Dictionary<string, string> FieldsOf(string form)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string field in form.Split('&'))
        {
            string[] parts = field.Split('=', 2);
            fields.TryAdd(WebUtility.UrlDecode(parts[0]), parts.Length == 1 ? "" : WebUtility.UrlDecode(parts[1]));
        }

        return fields;
    }
}
