using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Forethought.Http.Transport;

namespace Forethought.Http.Credentials;

/// <summary>
/// Asks a token endpoint. Whether it wants the client's secret in the <c>Authorization</c> header or in the form is found out by trying,
/// as Go's oauth2 package does, and then remembered.
/// </summary>
internal sealed class OAuth2TokenClient : IDisposable
{
    // How long before its expiry a token counts as expired: requests take time.
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromSeconds(10);
    private const int MaxAnswerBytes = 1 << 20;

    private readonly OAuth2Settings _settings;
    private readonly OutgoingHttpOptions _options;
    private readonly HttpMessageInvoker _invoker;
    private bool? _secretInForm;

    internal OAuth2TokenClient(OAuth2Settings settings, OutgoingHttpOptions options)
    {
        _settings = settings;
        _options = options;
        _invoker = new HttpMessageInvoker(TransportFactory.Create(settings.Tls, settings.Proxy, options with { ConnectionMetrics = null }));
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>Fetches a token; called by one thread at a time.</summary>
    /// <exception cref="HttpRequestException">None was given.</exception>
    internal async Task<OAuth2Token> FetchAsync(string secret, CancellationToken cancellationToken)
    {
        if (_settings.UsesJwtBearer)
        {
            return await AskAsync(secret, secretInForm: false, cancellationToken).ConfigureAwait(false);
        }

        if (_secretInForm is { } known)
        {
            return await AskAsync(secret, known, cancellationToken).ConfigureAwait(false);
        }

        OAuth2Token token;
        try
        {
            token = await AskAsync(secret, secretInForm: false, cancellationToken).ConfigureAwait(false);
            _secretInForm = false;
        }
        catch (HttpRequestException e) when (e.StatusCode is not null)
        {
            token = await AskAsync(secret, secretInForm: true, cancellationToken).ConfigureAwait(false);
            _secretInForm = true;
        }

        return token;
    }

    private async Task<OAuth2Token> AskAsync(string secret, bool secretInForm, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = MakeRequest(secret, secretInForm);
        using HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        string body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"oauth2: cannot fetch token: {(int)response.StatusCode} {response.ReasonPhrase}\nResponse: {body}", null, response.StatusCode);
        }

        return Parse(body, secret);
    }

    private HttpRequestMessage MakeRequest(string secret, bool secretInForm)
    {
        var form = new List<KeyValuePair<string, string>>();
        if (_settings.UsesJwtBearer)
        {
            form.Add(new("grant_type", OAuth2Settings.JwtBearerGrantType));
            form.Add(new("assertion", JwtAssertion.Sign(_settings, secret, _options.TimeProvider.GetUtcNow())));
        }
        else
        {
            form.Add(new("grant_type", "client_credentials"));
        }

        if (_settings.Scopes.Count > 0)
        {
            form.Add(new("scope", string.Join(' ', _settings.Scopes)));
        }

        if (secretInForm)
        {
            form.Add(new("client_id", _settings.ClientId));
            form.Add(new("client_secret", secret));
        }

        form.RemoveAll(field => _settings.EndpointParameters.ContainsKey(field.Key) && field.Key != "grant_type");
        form.AddRange(_settings.EndpointParameters.Where(static field => field.Key != "grant_type"));
        var request = new HttpRequestMessage(HttpMethod.Post, _settings.TokenUrl) { Content = new FormUrlEncodedContent(form) };
        if (_options.UserAgent.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        }

        if (!secretInForm && !_settings.UsesJwtBearer)
        {
            byte[] pair = System.Text.Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(_settings.ClientId)}:{Uri.EscapeDataString(secret)}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
        }

        return request;
    }

    private OAuth2Token Parse(string body, string secret)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(body);
            string token = Text(answer.RootElement, "access_token");
            if (token.Length == 0)
            {
                throw new HttpRequestException("oauth2: server response missing access_token");
            }

            string type = Text(answer.RootElement, "token_type");
            return new OAuth2Token(token, SchemeOf(type), Expiry(answer.RootElement), secret);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new HttpRequestException($"oauth2: cannot parse json: {e.Message}", e);
        }
    }

    private DateTimeOffset? Expiry(JsonElement answer)
    {
        if (!answer.TryGetProperty("expires_in", out JsonElement lifetime))
        {
            return null;
        }

        // Some endpoints send the number as text.
        string text = lifetime.ValueKind == JsonValueKind.String ? lifetime.GetString()! : lifetime.GetRawText();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e9
            ? _options.TimeProvider.GetUtcNow() + TimeSpan.FromSeconds(seconds) - ExpiryMargin
            : null;
    }

    private static string SchemeOf(string type) => type.ToUpperInvariant() switch
    {
        "" or "BEARER" => "Bearer",
        "MAC" => "MAC",
        "BASIC" => "Basic",
        _ => type,
    };

    private static string Text(JsonElement answer, string key) =>
        answer.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
