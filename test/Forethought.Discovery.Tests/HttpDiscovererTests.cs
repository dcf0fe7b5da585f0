using System.Net;
using Forethought.Configuration;

namespace Forethought.Discovery.Tests;

public sealed class HttpDiscovererTests
{
    [Fact]
    public async Task Asks_the_url_and_labels_targets_with_it()
    {
        using var server = new AnsweringServer();
        server.Answer = "[{\"targets\":[\"a:1\"],\"labels\":{\"k\":\"v\"}}]";
        await using var harness = new ManagerHarness(realClock: true);
        await harness.ApplyAsync(("job", [Section(server)]));
        var update = await harness.UpdateWithAsync(static update => update["job"].Count == 1);
        TargetGroup group = update["job"][0];
        Assert.Equal(server.Url + ":0", group.Source);
        Assert.Equal(ManagerHarness.LabelsOf("__meta_url", server.Url, "k", "v"), group.Labels);
        Assert.Equal("test/1", server.LastHeaders!["User-Agent"]);
        Assert.Equal("application/json", server.LastHeaders["Accept"]);
        Assert.Equal("0.2", server.LastHeaders["X-Prometheus-Refresh-Interval-Seconds"]);
    }

    [Fact]
    public async Task Takes_away_groups_the_answer_no_longer_has()
    {
        using var server = new AnsweringServer();
        server.Answer = "[{\"targets\":[\"a:1\"]},{\"targets\":[\"b:1\"]}]";
        await using var harness = new ManagerHarness(realClock: true);
        await harness.ApplyAsync(("job", [Section(server)]));
        await harness.UpdateWithAsync(static update => update["job"].Count == 2);
        server.Answer = "[{\"targets\":[\"c:1\"]}]";
        var update = await harness.UpdateWithAsync(static update => update["job"].Count == 1);
        Assert.Equal(["c:1"], ManagerHarness.Addresses(update["job"]));
    }

    [Theory]
    [InlineData(500, "application/json", "[]", "server returned HTTP status 500 Internal Server Error")]
    [InlineData(200, "text/html", "[]", "unsupported content type \"text/html\"")]
    [InlineData(200, "application/json; charset=latin1", "[]", "unsupported content type \"application/json; charset=latin1\"")]
    [InlineData(200, "application/json", "[null]", "nil target group item found")]
    [InlineData(200, "application/json", "{}", "json: cannot unmarshal object into Go value of type []*targetgroup.Group")]
    [InlineData(200, "application/json", "[{\"target\":[]}]", "json: unknown field \"target\"")]
    public async Task Keeps_what_it_found_when_an_answer_is_wrong(int status, string contentType, string body, string text)
    {
        using var server = new AnsweringServer();
        server.Answer = "[{\"targets\":[\"a:1\"]}]";
        await using var harness = new ManagerHarness(realClock: true);
        await harness.ApplyAsync(("job", [Section(server)]));
        await harness.UpdateWithAsync(static update => update["job"].Count == 1);
        (server.Status, server.ContentType, server.Answer) = (status, contentType, body);
        DiscoveryProblem problem = await harness.NextProblemAsync();
        Assert.Equal("Unable to refresh target groups", problem.Message);
        Assert.Equal(text, problem.Error!.Message);
        await harness.ApplyAsync(("job", [Section(server)]), ("other", []));
        var update = await harness.UpdateWithAsync(static update => update.ContainsKey("other"));
        Assert.Equal(["a:1"], ManagerHarness.Addresses(update["job"]));
        string metrics = harness.Registry.ToText();
        Assert.DoesNotContain("prometheus_sd_http_failures_total 0\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("prometheus_sd_refresh_failures_total{config=\"job\",mechanism=\"http\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_sd_refresh_duration_seconds_count{config=\"job\",mechanism=\"http\"} ", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON;charset=\"UTF-8\"")]
    public async Task Accepts_json_in_utf8(string contentType)
    {
        using var server = new AnsweringServer();
        (server.ContentType, server.Answer) = (contentType, "[{\"Targets\":[\"a:1\"],\"LABELS\":null}]");
        await using var harness = new ManagerHarness(realClock: true);
        await harness.ApplyAsync(("job", [Section(server)]));
        await harness.UpdateWithAsync(static update => update["job"].Count == 1);
    }

    private static HttpDiscoveryConfiguration Section(AnsweringServer server) =>
        new() { Url = server.Url, RefreshInterval = TimeSpan.FromMilliseconds(200) };

    /// <summary>Answers every request the same way.</summary>
    private sealed class AnsweringServer : IDisposable
    {
        private readonly HttpListener _listener = new();

        internal AnsweringServer()
        {
            int port;
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }

            Url = $"http://127.0.0.1:{port}/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _ = ServeAsync();
        }

        internal string Url { get; }

        internal int Status { get; set; } = 200;

        internal string ContentType { get; set; } = "application/json";

        internal string Answer { get; set; } = "[]";

        internal WebHeaderCollection? LastHeaders { get; private set; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    LastHeaders = (WebHeaderCollection)context.Request.Headers;
                    context.Response.StatusCode = Status;
                    context.Response.ContentType = ContentType;
                    await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Answer));
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
