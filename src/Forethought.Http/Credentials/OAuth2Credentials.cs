namespace Forethought.Http.Credentials;

/// <summary><c>oauth2</c>: holds a token until shortly before it expires, or until its secret's file changes.</summary>
internal sealed class OAuth2Credentials : RequestDecorator
{
    private readonly OAuth2TokenClient _client;
    private readonly SecretSource? _secret;
    private readonly TimeProvider _timeProvider;
    private readonly SemaphoreSlim _fetching = new(1, 1);

    // Written under _fetching, read without it: a stale token is only fetched again.
    private volatile OAuth2Token? _token;

    internal OAuth2Credentials(OAuth2Settings settings, OutgoingHttpOptions options)
    {
        _secret = settings.UsesJwtBearer
            ? SecretSource.From(
                settings.ClientCertificateKey.Reveal(),
                settings.ClientCertificateKeyFile,
                settings.ClientCertificateKeyRef,
                "client certificate")
            : SecretSource.From(settings.ClientSecret.Reveal(), settings.ClientSecretFile, settings.ClientSecretRef, "client secret");
        _client = new OAuth2TokenClient(settings, options);
        _timeProvider = options.TimeProvider;
    }

    internal override async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string secret = _secret is null ? "" : await _secret.ReadAsync("oauth2 client secret", cancellationToken).ConfigureAwait(false);
        OAuth2Token token = _token is { } current && IsUsable(current, secret)
            ? current
            : await FetchAsync(secret, cancellationToken).ConfigureAwait(false);
        request.Headers.Remove("Authorization");
        Authorize(request, $"{token.Type} {token.AccessToken}");
    }

    public override void Dispose()
    {
        _client.Dispose();
        _fetching.Dispose();
        base.Dispose();
    }

    private bool IsUsable(OAuth2Token token, string secret) =>
        token.Secret == secret && (token.Expiry is not { } expiry || _timeProvider.GetUtcNow() < expiry);

    private async Task<OAuth2Token> FetchAsync(string secret, CancellationToken cancellationToken)
    {
        await _fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_token is { } current && IsUsable(current, secret))
            {
                return current;
            }

            OAuth2Token token = await _client.FetchAsync(secret, cancellationToken).ConfigureAwait(false);
            _token = token;
            return token;
        }
        finally
        {
            _fetching.Release();
        }
    }
}
