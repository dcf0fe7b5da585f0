using System.Net;
using System.Text;

namespace Forethought.Http.Proxying;

/// <summary>Opens tunnels through an HTTP proxy with the headers of <c>proxy_connect_header</c>.</summary>
internal sealed class ConnectTunnel(ProxySettings settings, IWebProxy proxy)
{
    private const int MaxAnswerBytes = 16 * 1024;

    /// <summary>The proxy to tunnel through, or <see langword="null"/> for a direct connection.</summary>
    internal Uri? ProxyFor(Uri destination) => destination.Scheme == "https" ? proxy.GetProxy(destination) : null;

    /// <summary>Asks the proxy for a tunnel over a fresh connection to it.</summary>
    /// <exception cref="HttpRequestException">The proxy refused.</exception>
    internal async ValueTask OpenAsync(Stream stream, Uri proxyUri, DnsEndPoint target, CancellationToken cancellationToken)
    {
        string authority = target.Host.Contains(':', StringComparison.Ordinal)
            ? $"[{target.Host}]:{target.Port}"
            : $"{target.Host}:{target.Port}";
        var request = new StringBuilder($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
        if (proxyUri.UserInfo.Length > 0)
        {
            byte[] user = System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(proxyUri.UserInfo));
            request.Append("Proxy-Authorization: Basic ").Append(Convert.ToBase64String(user)).Append("\r\n");
        }

        foreach ((string name, ValueList<Secret> values) in settings.ConnectHeaders)
        {
            foreach (Secret value in values)
            {
                request.Append(name).Append(": ").Append(value.Reveal().ReplaceLineEndings(" ")).Append("\r\n");
            }
        }

        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(request.Append("\r\n").ToString()), cancellationToken).ConfigureAwait(false);
        string status = await ReadStatusAsync(stream, cancellationToken).ConfigureAwait(false);
        if (!status.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && !status.StartsWith("HTTP/1.0 200", StringComparison.Ordinal))
        {
            // Go shows the reason alone, without the status code.
            string[] parts = status.Split(' ', 3);
            throw new HttpRequestException(parts.Length < 3 ? "unknown status code" : parts[2]);
        }
    }

    // Byte by byte, so that nothing of what follows the answer is taken; a tunnel is opened once per connection.
    private static async ValueTask<string> ReadStatusAsync(Stream stream, CancellationToken cancellationToken)
    {
        var answer = new List<byte>(256);
        byte[] one = new byte[1];
        while (answer.Count < MaxAnswerBytes)
        {
            if (await stream.ReadAsync(one, cancellationToken).ConfigureAwait(false) == 0)
            {
                throw new HttpRequestException("the proxy closed the connection");
            }

            answer.Add(one[0]);
            if (answer.Count >= 4 && answer[^1] == '\n' && answer[^2] == '\r' && answer[^3] == '\n')
            {
                string text = System.Text.Encoding.Latin1.GetString([.. answer]);
                return text[..text.IndexOf('\r', StringComparison.Ordinal)];
            }
        }

        throw new HttpRequestException("the proxy's answer is too long");
    }
}
