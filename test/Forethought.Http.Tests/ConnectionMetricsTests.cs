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

        using (var client = OutgoingHttpClient.Create(HttpClientSettings.Default, options))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, new Uri("http://nobody.invalid/")));
            using var cancelled = new CancellationTokenSource();
            await cancelled.CancelAsync();
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(request, cancelled.Token));
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
        Assert.Contains("net_conntrack_dialer_conn_attempted_total{dialer_name=\"job\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_established_total{dialer_name=\"job\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_closed_total{dialer_name=\"job\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_failed_total{dialer_name=\"job\",reason=\"refused\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_failed_total{dialer_name=\"job\",reason=\"resolution\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_a_client_at_zero_before_it_has_connected()
    {
        var registry = new MetricRegistry();
        new ConnectionMetrics(registry).Announce("remote");
        string[] samples = [.. registry.ToText().Split('\n').Where(static line => line.Length > 0 && line[0] != '#')];
        Assert.Equal(
            [
                "net_conntrack_dialer_conn_attempted_total{dialer_name=\"remote\"} 0",
                "net_conntrack_dialer_conn_closed_total{dialer_name=\"remote\"} 0",
                "net_conntrack_dialer_conn_established_total{dialer_name=\"remote\"} 0",
                "net_conntrack_dialer_conn_failed_total{dialer_name=\"remote\",reason=\"refused\"} 0",
                "net_conntrack_dialer_conn_failed_total{dialer_name=\"remote\",reason=\"resolution\"} 0",
                "net_conntrack_dialer_conn_failed_total{dialer_name=\"remote\",reason=\"timeout\"} 0",
                "net_conntrack_dialer_conn_failed_total{dialer_name=\"remote\",reason=\"unknown\"} 0",
            ],
            samples);
    }
}
