namespace Forethought.Http.Credentials;

/// <summary><c>authorization</c>.</summary>
internal sealed class AuthorizationCredentials(AuthorizationSettings settings) : RequestDecorator
{
    private readonly SecretSource? _credentials =
        SecretSource.From(settings.Credentials.Reveal(), settings.CredentialsFile, settings.CredentialsRef, "credentials");

    internal override async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string credentials = _credentials is null
            ? ""
            : await _credentials.ReadAsync("authorization credentials", cancellationToken).ConfigureAwait(false);
        Authorize(request, $"{settings.Type} {credentials}");
    }
}
