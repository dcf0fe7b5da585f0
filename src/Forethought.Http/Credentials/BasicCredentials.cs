
namespace Forethought.Http.Credentials;

/// <summary><c>basic_auth</c>.</summary>
internal sealed class BasicCredentials(BasicAuthenticationSettings settings) : RequestDecorator
{
    private readonly SecretSource? _username = SecretSource.From(settings.Username, settings.UsernameFile, settings.UsernameRef, "username");

    private readonly SecretSource? _password =
        SecretSource.From(settings.Password.Reveal(), settings.PasswordFile, settings.PasswordRef, "password");

    internal override async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string username = _username is null
            ? ""
            : await _username.ReadAsync("basic auth username", cancellationToken).ConfigureAwait(false);
        string password = _password is null
            ? ""
            : await _password.ReadAsync("basic auth password", cancellationToken).ConfigureAwait(false);
        Authorize(request, "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{username}:{password}")));
    }
}
