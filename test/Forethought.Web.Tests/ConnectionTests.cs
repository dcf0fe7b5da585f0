using System.Net.Sockets;
using Forethought.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forethought.Web.Tests;

/// <summary>Connections and addresses of the server itself.</summary>
public sealed class ConnectionTests
{
    private const string Request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    // As upstream's util/netconnlimit: nobody is turned away, the next is served when one leaves.
    [Fact]
    public async Task More_than_may_be_open_wait_until_one_ends()
    {
        await using WebServer server = await StartAsync(2);
        using TcpClient first = await ConnectAsync(server), second = await ConnectAsync(server);
        await AnswerAsync(first);
        await AnswerAsync(second);
        using TcpClient third = await ConnectAsync(server), fourth = await ConnectAsync(server);
        Task<string> answer = ReadAsync(third), last = ReadAsync(fourth);
        for (int i = 0; i < 20; i++)
            await AnswerAsync(second);
        Assert.False(answer.IsCompleted || last.IsCompleted);
        first.Dispose();
        Assert.StartsWith("HTTP/1.1 503 ", await answer.WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 503 ", await last.WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
        await AnswerAsync(second);
    }

    [Fact]
    public async Task Many_may_come_one_after_another()
    {
        await using WebServer server = await StartAsync(1);
        for (int i = 0; i < 200; i++)
        {
            using TcpClient client = await ConnectAsync(server);
            Assert.StartsWith("HTTP/1.1 503 ", await ReadAsync(client), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Waiting_ones_do_not_keep_the_server_from_stopping()
    {
        WebServer server = await StartAsync(1);
        using TcpClient first = await ConnectAsync(server), second = await ConnectAsync(server);
        using var patience = new CancellationTokenSource();
        await AnswerAsync(first);
        await patience.CancelAsync();
        await server.StopAsync(patience.Token).WaitAsync(TimeSpan.FromSeconds(30));
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("nowhere", "address nowhere: missing port in address")]
    [InlineData("127.0.0.1:x", "address 127.0.0.1:x: invalid port")]
    [InlineData("127.0.0.1:65536", "address 127.0.0.1:65536: invalid port")]
    [InlineData("[::1]", "address [::1]: invalid port")]
    [InlineData("no.such.host.invalid:0", "address no.such.host.invalid:0: no such host")]
    public void Addresses_that_cannot_be_read_are_named(string address, string error) => Assert.Equal(
        error,
        Assert.Throws<FormatException>(
            () => new WebServer(new WebServerOptions { ListenAddresses = [address] }, NullLoggerFactory.Instance)).Message);

    [Fact]
    public async Task Several_addresses_are_served()
    {
        int one = FreePort.Next(), two = FreePort.Next();
        await using var server = new WebServer(
            new WebServerOptions { ListenAddresses = [$"localhost:{one}", $"127.0.0.1:{two}"] }, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        foreach (int port in (int[])[one, two])
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            Assert.StartsWith("HTTP/1.1 503 ", await ReadAsync(client), StringComparison.Ordinal);
        }
    }

    private static async Task<WebServer> StartAsync(int connections)
    {
        var server = new WebServer(
            new WebServerOptions { ListenAddresses = ["127.0.0.1:0"], MaxConnections = connections }, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return server;
    }

    private static async Task<TcpClient> ConnectAsync(WebServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(server.Urls.Single()).Port);
        return client;
    }

    // One request of several: the connection stays open.
    private static async Task AnswerAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        byte[] start = new byte[12];
        await client.GetStream().ReadExactlyAsync(start).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("HTTP/1.1 503", System.Text.Encoding.ASCII.GetString(start));
        byte[] rest = new byte[4096];
        string text = "";
        while (!text.EndsWith("Service Unavailable", StringComparison.Ordinal))
            text += System.Text.Encoding.ASCII.GetString(rest, 0, await client.GetStream().ReadAsync(rest));
    }

    private static async Task<string> ReadAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(Request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }
}
