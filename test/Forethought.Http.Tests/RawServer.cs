using System.Net;
using System.Net.Sockets;

namespace Forethought.Http.Tests;

/// <summary>A server of one plain connection that keeps the bytes a request began with, which Kestrel does not show.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawServer() => _listener.Start();

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>Answers one request and returns the lines of its head, line ends cut off.</summary>
    public async Task<string[]> AnswerAsync(string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length));
            if (read == 0)
                break;
            length += read;
        }

        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer));
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _listener.Dispose();
}
