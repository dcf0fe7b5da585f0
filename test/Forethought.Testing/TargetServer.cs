using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Forethought.Testing;

/// <summary>A scrape target on a free loopback port that answers what the test says, misbehaving where a web server would not.</summary>
public sealed class TargetServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, TargetAnswer> _answer;
    private readonly Task _accepting;

    /// <summary>Starts answering.</summary>
    /// <param name="answer">From the path with its query; called on several threads at once.</param>
    public TargetServer(Func<string, TargetAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Host and port, as written into <c>targets</c>.</summary>
    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Serve(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                await using NetworkStream stream = connection.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                while (await ReadRequest(reader) is { } path)
                {
                    if (!await Write(stream, _answer(path)))
                        return;
                }
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                // The scraper hung up, or the test is over.
            }
        }
    }

    private async Task<string?> ReadRequest(StreamReader reader)
    {
        string? request = await reader.ReadLineAsync(_end.Token);
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
        {
            // Headers make no difference.
        }

        return request?.Split(' ')[1];
    }

    private async Task<bool> Write(NetworkStream stream, TargetAnswer answer)
    {
        if (answer.Hangs)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token);
        string type = answer.ContentType is null ? "" : $"Content-Type: {answer.ContentType}\r\n";
        int length = answer.DeclaredLength ?? answer.Body.Length;
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status}\r\n{type}Content-Length: {length}\r\n\r\n");
        await stream.WriteAsync((byte[])[.. head, .. answer.Body], _end.Token);
        return length == answer.Body.Length;
    }
}
