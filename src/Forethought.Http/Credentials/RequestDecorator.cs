namespace Forethought.Http.Credentials;

/// <summary>Adds headers to each request of a client. Redirected requests take them from the first, as far as they may.</summary>
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

    /// <summary>Adds the headers.</summary>
    /// <exception cref="HttpRequestException">A secret cannot be had.</exception>
    internal abstract ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken);

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
