using System.Net.Http.Headers;
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
        _invoker = new HttpMessageInvoker(TransportFactory.Create(settings.Tls, settings.Proxy, options with { ConnectionMetrics = null }, []));
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
        catch (HttpRequestException)
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
        TokenAnswer answer = TokenAnswer.Parse(response, body);
        if (!response.IsSuccessStatusCode || answer.ErrorCode.Length > 0)
        {
            string text = answer.ErrorCode.Length > 0 && !_settings.UsesJwtBearer
                ? answer.ErrorText
                : $"oauth2: cannot fetch token: {(int)response.StatusCode} {response.ReasonPhrase}\nResponse: {body}";
            throw new HttpRequestException(text, null, response.StatusCode);
        }

        if (answer.AccessToken.Length == 0)
        {
            throw new HttpRequestException("oauth2: server response missing access_token");
        }

        DateTimeOffset? expiry = answer.Lifetime is { } lifetime ? _options.TimeProvider.GetUtcNow() + lifetime - ExpiryMargin : null;
        return new OAuth2Token(answer.AccessToken, SchemeOf(answer.TokenType), expiry, secret);
    }

    private HttpRequestMessage MakeRequest(string secret, bool secretInForm)
    {
        var form = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (_settings.UsesJwtBearer)
        {
            form["grant_type"] = OAuth2Settings.JwtBearerGrantType;
            form["assertion"] = JwtAssertion.Sign(_settings, secret, _options.TimeProvider.GetUtcNow());
        }
        else
        {
            form["grant_type"] = "client_credentials";
        }

        if (_settings.Scopes.Count > 0)
        {
            form["scope"] = string.Join(' ', _settings.Scopes);
        }

        foreach ((string name, string value) in _settings.EndpointParameters)
        {
            // Another grant type is let through for the sake of endpoints that do not keep to the standard.
            if (name != "grant_type" && form.ContainsKey(name))
            {
                throw new HttpRequestException($"oauth2: cannot overwrite parameter \"{name}\"");
            }

            form[name] = value;
        }

        if (secretInForm)
        {
            form["client_id"] = _settings.ClientId;
            form["client_secret"] = secret;
        }

        var request = new HttpRequestMessage(HttpMethod.Post, _settings.TokenUrl) { Content = new FormUrlEncodedContent(form) };
        if (_options.UserAgent.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        }

        if (!secretInForm && !_settings.UsesJwtBearer)
        {
            byte[] pair = System.Text.Encoding.UTF8.GetBytes($"{QueryEscaped(_settings.ClientId)}:{QueryEscaped(secret)}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
        }

        return request;
    }

    // RFC 6749 §2.3.1: both halves are encoded as in forms, where a space is a plus sign.
    private static string QueryEscaped(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static string SchemeOf(string type) => type.ToUpperInvariant() switch
    {
        "" or "BEARER" => "Bearer",
        "MAC" => "MAC",
        "BASIC" => "Basic",
        _ => type,
    };
}
