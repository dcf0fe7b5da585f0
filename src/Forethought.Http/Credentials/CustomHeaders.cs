using Forethought.Http.Transport;

namespace Forethought.Http.Credentials;

/// <summary><c>http_headers</c>: each value is added, also to a header that the request has already.</summary>
internal sealed class CustomHeaders(ValueMap<HeaderSettings> headers) : RequestDecorator
{
    internal override async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach ((string name, HeaderSettings header) in headers)
        {
            List<string> values = await ValuesAsync(header, cancellationToken).ConfigureAwait(false);
            if (!values.TrueForAll(HeaderLines.IsValidValue))
            {
                throw new HttpRequestException($"net/http: invalid header field value for \"{HeaderNames.Canonical(name)}\"");
            }

            Add(request, name, values);
        }
    }

    private static void Add(HttpRequestMessage request, string name, List<string> values)
    {
        if (request.Version.Major == 1 && values.Count > 0)
        {
            if (request.Headers.NonValidated.TryGetValues(name, out System.Net.Http.Headers.HeaderStringValues present))
            {
                values.InsertRange(0, present);
                request.Headers.Remove(name);
            }

            values = [string.Join(HeaderLines.Separator, values)];
        }

        request.Headers.TryAddWithoutValidation(name, values);
    }

    private static async ValueTask<List<string>> ValuesAsync(HeaderSettings header, CancellationToken cancellationToken)
    {
        List<string> values = [.. header.Values, .. header.Secrets.Select(static secret => secret.Reveal())];
        foreach (string file in header.Files)
        {
            values.Add(await ReadAsync(file, cancellationToken).ConfigureAwait(false));
        }

        return values;
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
