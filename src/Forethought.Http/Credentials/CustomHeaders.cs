using Forethought.Http.Redirects;

namespace Forethought.Http.Credentials;

/// <summary><c>http_headers</c>.</summary>
internal sealed class CustomHeaders(ValueMap<HeaderSettings> headers) : RequestDecorator
{
    internal override async ValueTask ApplyAsync(HttpRequestMessage request, bool leftHost, CancellationToken cancellationToken)
    {
        foreach ((string name, HeaderSettings header) in headers)
        {
            // A redirected request carries the headers of the one before it.
            request.Headers.Remove(name);
            if (leftHost && Redirection.IsSensitive(name))
            {
                continue;
            }

            foreach (string value in header.Values)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            foreach (Secret secret in header.Secrets)
            {
                request.Headers.TryAddWithoutValidation(name, secret.Reveal());
            }

            foreach (string file in header.Files)
            {
                request.Headers.TryAddWithoutValidation(name, await ReadAsync(file, cancellationToken).ConfigureAwait(false));
            }
        }
    }

    private static async ValueTask<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException($"unable to read headers file {file}: {FileErrorText.Describe(file, e)}", e);
        }
    }
}
