using System.Net;
using System.Net.Sockets;
using Forethought.Client;
using Microsoft.AspNetCore.Http;

namespace Forethought.Http.Tests;

public sealed class ConnectionMetricsTests
{
    [Fact]
    public async Task Counts_connections_by_dialer()
    {
        var registry = new MetricRegistry();
        var options = new OutgoingHttpOptions { ConnectionMetrics = new ConnectionMetrics(registry), DialerName = "job" };
        await using (LoopbackServer server = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("x")))
        using (var client = OutgoingHttpClient.Create(HttpClientSettings.Default, options))
        {
            await CredentialTests.GetAsync(client, server.Uri);
            await CredentialTests.GetAsync(client, server.Uri);
        }

        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using (var client = OutgoingHttpClient.Create(HttpClientSettings.Default, options))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, new Uri($"http://127.0.0.1:{port}")));
        }

        string text = registry.ToText();
        Assert.Contains("net_conntrack_dialer_conn_attempted_total{dialer_name=\"job\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_established_total{dialer_name=\"job\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_closed_total{dialer_name=\"job\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_failed_total{dialer_name=\"job\",reason=\"refused\"} 1\n", text, StringComparison.Ordinal);
    }
}
