namespace Forethought.Http.Credentials;

/// <summary>Adds headers to each request of a client, redirected ones included.</summary>
internal abstract class RequestDecorator : IDisposable
{
    /// <summary>The decorators the settings ask for, in the order they act.</summary>
    internal static RequestDecorator[] For(HttpClientSettings settings, OutgoingHttpOptions options)
    {
        var decorators = new List<RequestDecorator>();
        if (settings.Headers is { Count: > 0 } headers)
        {
            decorators.Add(new CustomHeaders(headers));
        }

        if (settings.OAuth2 is { } oauth2)
        {
            decorators.Add(new OAuth2Credentials(oauth2, options));
        }

        if (settings.BasicAuthentication is { } basic)
        {
            decorators.Add(new BasicCredentials(basic));
        }

        if (settings.Authorization is { } authorization)
        {
            decorators.Add(new AuthorizationCredentials(authorization));
        }

        return [.. decorators];
    }

    /// <summary>Adds the headers; <paramref name="leftHost"/> says that a redirect led away, so that no credentials may be added.</summary>
    internal abstract ValueTask ApplyAsync(HttpRequestMessage request, bool leftHost, CancellationToken cancellationToken);

    public virtual void Dispose()
    {
    }

    /// <summary>Sets the <c>Authorization</c> header unless the request has one.</summary>
    protected static void Authorize(HttpRequestMessage request, string value)
    {
        if (!request.Headers.NonValidated.Contains("Authorization"))
        {
            request.Headers.TryAddWithoutValidation("Authorization", value);
        }
    }
}
