using System.Net;
using System.Net.Sockets;
using System.Text;
using Forethought.Client;
using Forethought.Http.Proxying;
using Microsoft.AspNetCore.Http;

namespace Forethought.Http.Tests;

public sealed class ProxyTests
{
    [Fact]
    public async Task Sends_plain_requests_through_the_proxy()
    {
        await using LoopbackServer proxy = await LoopbackServer.StartAsync(
            static context => context.Response.WriteAsync($"proxied {context.Request.Host}{context.Request.Path}"));
        var settings = HttpClientSettings.Default with { Proxy = new ProxySettings { Url = ConfiguredUrl.Parse(proxy.Uri.ToString()) } };
        using var client = OutgoingHttpClient.Create(settings);
        Assert.Equal("proxied target.invalid/metrics", await CredentialTests.GetAsync(client, new Uri("http://target.invalid/metrics")));
    }

    [Fact]
    public async Task Goes_directly_to_hosts_of_no_proxy()
    {
        await using LoopbackServer target = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("direct"));
        var proxy = new ProxySettings { Url = ConfiguredUrl.Parse("http://127.0.0.1:1"), NoProxy = "127.0.0.0/8" };
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default with { Proxy = proxy });
        Assert.Equal("direct", await CredentialTests.GetAsync(client, target.Uri));
    }

    [Fact]
    public async Task Opens_a_tunnel_with_the_configured_headers()
    {
        using var authority = new TestCertificates();
        await using LoopbackServer target = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("through"), authority.Server());
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> asked = TunnelAsync(listener, target.Port);
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var settings = HttpClientSettings.Default with
        {
            Tls = new TlsSettings { Ca = authority.AuthorityPem },
            Proxy = new ProxySettings
            {
                Url = ConfiguredUrl.Parse($"http://user:pass@127.0.0.1:{port}"),
                ConnectHeaders = new ValueMap<ValueList<Secret>>([new("X-Proxy-Key", [new Secret("k")])]),
            },
        };
        using (var client = OutgoingHttpClient.Create(settings))
        {
            Assert.Equal("through", await CredentialTests.GetAsync(client, target.Uri));
        }

        string request = await asked;
        Assert.StartsWith($"CONNECT 127.0.0.1:{target.Port} HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Proxy-Key: k\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nProxy-Authorization: Basic {Convert.ToBase64String("user:pass"u8)}\r\n", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "http://example.com/", false)]
    [InlineData("", "http://localhost:9090/", true)]
    [InlineData("", "http://127.0.0.1/", true)]
    [InlineData("", "http://[::1]/", true)]
    [InlineData("*", "http://example.com/", true)]
    [InlineData("example.com", "http://example.com/", true)]
    [InlineData("example.com", "http://www.example.com/", true)]
    [InlineData("example.com", "http://notexample.com/", false)]
    [InlineData(".example.com", "http://example.com/", false)]
    [InlineData(".example.com", "http://www.example.com/", true)]
    [InlineData("*.example.com", "http://www.example.com/", true)]
    [InlineData("example.com:81", "http://example.com/", false)]
    [InlineData("example.com:81", "http://example.com:81/", true)]
    [InlineData("10.0.0.0/8", "http://10.1.2.3/", true)]
    [InlineData("10.0.0.0/8", "http://11.1.2.3/", false)]
    [InlineData("10.1.2.3", "http://10.1.2.3:8080/", true)]
    [InlineData("a, EXAMPLE.com ,b", "http://Example.COM/", true)]
    [InlineData("10.9.9.9/8", "http://10.1.2.3/", true)]
    [InlineData("10.1.2.3/32", "http://10.1.2.4/", false)]
    [InlineData("10.1.2.128/25", "http://10.1.2.200/", true)]
    [InlineData("10.1.2.128/25", "http://10.1.2.100/", false)]
    [InlineData("0.0.0.0/0", "http://10.1.2.3/", true)]
    [InlineData("0.0.0.0/0", "http://[2001:db8::1]/", false)]
    [InlineData("0.0.0.0/0", "http://example.com/", false)]
    [InlineData("10.0.0.0/33", "http://10.0.0.0/", false)]
    [InlineData("10.0.0.0/x", "http://10.0.0.0/", false)]
    [InlineData("2001:db8::/32", "http://[2001:db8:1::1]/", true)]
    [InlineData("2001:db8::/32", "http://[2001:db9::1]/", false)]
    [InlineData("2001:db8::1", "http://[2001:db8::1]:9090/", true)]
    [InlineData("[2001:db8::1]:9090", "http://[2001:db8::1]:9090/", true)]
    [InlineData("[2001:db8::1]:9090", "http://[2001:db8::1]:9091/", false)]
    [InlineData("10.1.2.3:81", "http://10.1.2.3/", false)]
    [InlineData("10.1.2.3:81", "http://10.1.2.3:81/", true)]
    [InlineData("example.com:http", "http://example.com/", false)]
    [InlineData(" , ,", "http://example.com/", false)]
    public void Knows_which_hosts_are_reached_directly(string noProxy, string uri, bool direct) =>
        Assert.Equal(direct, new ProxyBypass(noProxy).Matches(new Uri(uri)));

    [Fact]
    public void Takes_the_proxy_of_the_scheme_from_the_environment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["http_proxy"] = "plain:3128",
            ["HTTPS_PROXY"] = "http://secure:3129",
            ["NO_PROXY"] = "inside.example",
        };
        var proxy = SettingsProxy.From(new ProxySettings { FromEnvironment = true }, name => variables.GetValueOrDefault(name));
        Assert.Equal(new Uri("http://plain:3128"), proxy!.GetProxy(new Uri("http://a.example")));
        Assert.Equal(new Uri("http://secure:3129"), proxy.GetProxy(new Uri("https://a.example")));
        Assert.Null(proxy.GetProxy(new Uri("https://db.inside.example")));
        Assert.Null(SettingsProxy.From(new ProxySettings { FromEnvironment = true }, static _ => null));
        Assert.Null(SettingsProxy.From(ProxySettings.None, static _ => "http://ignored"));
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "Proxy Authentication Required")]
    [InlineData("HTTP/1.1\r\n\r\n", "unknown status code")]
    [InlineData("HTTP/1.1 200 OK\r\n", "the proxy closed the connection")]
    [InlineData("", "the proxy closed the connection")]
    public async Task Reports_a_proxy_that_opens_no_tunnel(string answer, string text)
    {
        using var proxy = new RawServer();
        Task<string[]> asked = proxy.AnswerAsync(answer);
        Assert.Equal(text + " (target.invalid:443)", await TunnelErrorAsync(proxy, OutgoingHttpOptions.Default));
        Assert.Equal("CONNECT target.invalid:443 HTTP/1.1", (await asked)[0]);
    }

    [Fact]
    public async Task Gives_up_on_a_proxy_that_never_ends_its_answer()
    {
        using var proxy = new RawServer();
        Task<string[]> asked = proxy.AnswerAsync("HTTP/1.1 200 OK\r\nX: " + new string('x', 20_000));
        Assert.Equal("the proxy's answer is too long (target.invalid:443)", await TunnelErrorAsync(proxy, OutgoingHttpOptions.Default));
        await asked;
    }

    [Fact]
    public async Task Counts_a_refused_tunnel_as_a_connection_that_was_made_and_closed()
    {
        var registry = new MetricRegistry();
        var metrics = new ConnectionMetrics(registry);
        metrics.Announce("job");
        using var proxy = new RawServer();
        Task<string[]> asked = proxy.AnswerAsync("HTTP/1.1 403 Forbidden\r\n\r\n");
        await TunnelErrorAsync(proxy, new OutgoingHttpOptions { ConnectionMetrics = metrics, DialerName = "job" });
        await asked;
        string text = registry.ToText();
        Assert.Contains("net_conntrack_dialer_conn_established_total{dialer_name=\"job\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_closed_total{dialer_name=\"job\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("net_conntrack_dialer_conn_failed_total{dialer_name=\"job\",reason=\"unknown\"} 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_plain_requests_through_the_proxy_also_where_headers_for_tunnels_are_configured()
    {
        await using LoopbackServer proxy = await LoopbackServer.StartAsync(
            static context => context.Response.WriteAsync($"{context.Request.Method} {context.Request.Host} {context.Request.Headers["X-Key"].Count}"));
        var settings = HttpClientSettings.Default with { Proxy = TunnellingThrough(proxy.Uri) };
        using var client = OutgoingHttpClient.Create(settings);
        Assert.Equal("GET target.invalid 0", await CredentialTests.GetAsync(client, new Uri("http://target.invalid/")));
    }

    [Fact]
    public async Task Answers_a_proxy_that_asks_who_one_is_with_the_credentials_of_its_url()
    {
        await using LoopbackServer proxy = await LoopbackServer.StartAsync(static context =>
        {
            string credentials = context.Request.Headers.ProxyAuthorization.ToString();
            context.Response.StatusCode = credentials.Length == 0 ? 407 : 200;
            context.Response.Headers.ProxyAuthenticate = "Basic realm=\"p\"";
            return context.Response.WriteAsync(credentials);
        });
        var url = ConfiguredUrl.Parse($"http://us%20er:p%40ss@127.0.0.1:{proxy.Port}");
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default with { Proxy = new ProxySettings { Url = url } });
        Assert.Equal("Basic " + Convert.ToBase64String("us er:p@ss"u8), await CredentialTests.GetAsync(client, new Uri("http://target.invalid/")));
    }

    [Fact]
    public void Refuses_a_proxy_of_the_environment_that_is_no_address()
    {
        var error = Assert.Throws<HttpConfigurationException>(() => SettingsProxy.From(new ProxySettings { FromEnvironment = true }, static _ => "http://"));
        Assert.Equal("invalid proxy address \"http://\"", error.Message);
    }

    private static ProxySettings TunnellingThrough(Uri proxy) => new()
    {
        Url = ConfiguredUrl.Parse(proxy.ToString()),
        ConnectHeaders = new ValueMap<ValueList<Secret>>([new("X-Key", [new Secret("k")])]),
    };

    private static async Task<string> TunnelErrorAsync(RawServer proxy, OutgoingHttpOptions options)
    {
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default with { Proxy = TunnellingThrough(proxy.Uri) }, options);
        return (await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, new Uri("https://target.invalid/")))).Message;
    }

    // Answers one CONNECT, joins the two connections and returns what was asked.
    private static async Task<string> TunnelAsync(TcpListener listener, int targetPort)
    {
        using TcpClient near = await listener.AcceptTcpClientAsync();
        NetworkStream nearStream = near.GetStream();
        var request = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            request.Append(System.Text.Encoding.ASCII.GetString(buffer, 0, await nearStream.ReadAsync(buffer)));
        }

        using var far = new TcpClient();
        await far.ConnectAsync(IPAddress.Loopback, targetPort);
        await nearStream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray());
        await Task.WhenAny(nearStream.CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(nearStream));
        return request.ToString();
    }
}
