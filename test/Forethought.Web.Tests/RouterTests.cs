using System.Net.Sockets;

namespace Forethought.Web.Tests;

/// <summary>Status lines and headers; the expected ones are Prometheus 3.5.3's, <c>Vary</c> and the CORS star 3.14's.</summary>
public sealed class RouterTests
{
    private const string Unavailable = """{"status":"error","errorType":"execution","error":"unavailable with Prometheus Agent"}""";

    [Theory]
    [InlineData("GET", "/-/healthy", 200, "Prometheus Server is Healthy.\n", "")]
    [InlineData("HEAD", "/-/healthy", 200, "", "")]
    [InlineData("POST", "/-/healthy", 405, "Method Not Allowed\n", "GET, HEAD, OPTIONS")]
    [InlineData("OPTIONS", "/-/healthy", 200, "", "GET, HEAD, OPTIONS")]
    [InlineData("GET", "/-/ready", 200, "Prometheus Server is Ready.\n", "")]
    [InlineData("GET", "/-/reload", 405, "Only POST or PUT requests allowed", "")]
    [InlineData("DELETE", "/-/reload", 405, "Method Not Allowed\n", "GET, OPTIONS, POST, PUT")]
    [InlineData("POST", "/-/reload", 403, "Lifecycle API is not enabled.", "")]
    [InlineData("PUT", "/-/quit", 403, "Lifecycle API is not enabled.", "")]
    [InlineData("HEAD", "/version", 405, "", "GET, OPTIONS")]
    [InlineData("POST", "/", 405, "Method Not Allowed\n", "GET, OPTIONS")]
    [InlineData("GET", "/nothere", 404, "404 page not found\n", "")]
    [InlineData("OPTIONS", "/nothere", 404, "404 page not found\n", "")]
    [InlineData("GET", "/api/v1/nothere", 404, "404 page not found\n", "")]
    [InlineData("GET", "/api/v2/query", 404, "404 page not found\n", "")]
    [InlineData("PUT", "/api/v1/query", 405, "Method Not Allowed\n", "GET, OPTIONS, POST")]
    [InlineData("HEAD", "/api/v1/targets", 405, "", "GET, OPTIONS")]
    [InlineData("GET", "/api/v1/write", 405, "Method Not Allowed\n", "OPTIONS, POST")]
    [InlineData("OPTIONS", "/api/v1/anything", 204, "", "")]
    [InlineData("POST", "/api/v1/write", 404, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n", "")]
    [InlineData("GET", "/api/v1/label/a/b/values", 404, "404 page not found\n", "")]
    [InlineData("GET", "/api/v1/label/a%2Fb/values", 404, "404 page not found\n", "")]
    [InlineData("POST", "/api/v1/admin/tsdb/snapshot", 500, "{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"admin APIs disabled\"}", "")]
    public async Task Knows_paths_and_methods(string method, string path, int status, string body, string allow)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync(method, path);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        bool isError = body.EndsWith("found\n", StringComparison.Ordinal) || (status == 405 && allow.Length > 0) || path == "/api/v1/write";
        Assert.Equal(isError, response.Headers.TryGetValues("X-Content-Type-Options", out _));
    }

    [Theory]
    [InlineData("GET", "/", 302, "/query")]
    [InlineData("GET", "/graph?g0.expr=up", 302, "/query?g0.expr=up")]
    [InlineData("GET", "/-/healthy/", 301, "/-/healthy")]
    [InlineData("HEAD", "/-/healthy/", 307, "/-/healthy")]
    [InlineData("GET", "/-/Healthy", 301, "/-/healthy")]
    [InlineData("GET", "//-/healthy", 301, "/-/healthy")]
    [InlineData("POST", "/api/v1//query?query=1", 301, "/api/v1/query?query=1")]
    [InlineData("GET", "/api/v1", 301, "/api/v1/")]
    public async Task Sends_elsewhere(string method, string path, int status, string location)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        string answer = await server.SendRawAsync($"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: {location}\r\n", answer, StringComparison.Ordinal);
        string page = $"<a href=\"{location}\">{(status == 302 ? "Found" : "Moved Permanently")}</a>.\n\n";
        Assert.EndsWith(method == "GET" ? "\r\n\r\n" + page : "\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", 302, "/prom")]
    [InlineData("/prom", 301, "/prom/")]
    [InlineData("/prom/", 302, "/ext/query")]
    [InlineData("/prom/-/ready", 200, null)]
    [InlineData("/prom/api/v1/query?query=1", 200, null)]
    [InlineData("/prom/metrics/", 301, "/prom/metrics")]
    [InlineData("/-/ready", 404, null)]
    [InlineData("/promx/-/ready", 404, null)]
    [InlineData("/api/v1/query?query=1", 404, null)]
    [InlineData("/prom/nothere", 404, null)]
    public async Task Stays_below_its_prefix(string path, int status, string? location)
    {
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with { RoutePrefix = "/prom", ExternalPath = "/ext/" });
        using HttpResponseMessage response = await server.SendAsync("GET", path);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(location, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Refuses_requests_until_ready_and_while_stopping()
    {
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with { Readiness = new ServerReadiness() });
        foreach (string path in (string[])["/-/ready", "/api/v1/query?query=1", "/api/v1/labels"])
        {
            using HttpResponseMessage early = await server.SendAsync("GET", path);
            Assert.Equal(503, (int)early.StatusCode);
            Assert.Equal("Service Unavailable", await early.Content.ReadAsStringAsync());
            Assert.Equal("false", early.Headers.GetValues("X-Prometheus-Stopping").Single());
            Assert.False(early.Headers.Contains("Vary"));
        }

        foreach (string path in (string[])["/-/healthy", "/metrics", "/version", "/api/v1/status/walreplay"])
        {
            using HttpResponseMessage always = await server.SendAsync("GET", path);
            Assert.Equal(200, (int)always.StatusCode);
        }
    }

    [Fact]
    public async Task Says_that_it_stops()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        server.Readiness.SetStopping();
        using HttpResponseMessage response = await server.SendAsync("GET", "/-/ready");
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("true", response.Headers.GetValues("X-Prometheus-Stopping").Single());
    }

    [Fact]
    public async Task Tells_the_length_of_a_short_answer_and_streams_a_long_one()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage brief = await server.SendAsync("GET", "/api/v1/query?query=1&time=1");
        Assert.Equal(68, brief.Content.Headers.ContentLength);
        string answer = await server.SendRawAsync(
            "GET /api/v1/query_range?query=time()&start=0&end=11000&step=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", answer, StringComparison.Ordinal);
    }

    // Go takes a megabyte of headers, the request's first line among them.
    [Theory]
    [InlineData(9_000)]
    [InlineData(1_000_000)]
    public async Task Takes_long_queries_in_urls(int length)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        string query = "1%20%23" + new string('x', length);
        Assert.EndsWith("[1,\"1\"]}}", await server.GetAsync("/api/v1/query?time=1&query=" + query), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_a_thousand_headers()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        string headers = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"X-{i}: y\r\n"));
        string answer = await server.SendRawAsync($"GET /-/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    // cmd/prometheus/main.go and web/web.go: the mode's name, its page, and what it has no data for.
    [Theory]
    [InlineData("GET", "/-/healthy", 200, "Prometheus Agent is Healthy.\n")]
    [InlineData("GET", "/-/ready", 200, "Prometheus Agent is Ready.\n")]
    [InlineData("GET", "/", 302, "<a href=\"/agent\">Found</a>.\n\n")]
    [InlineData("GET", "/api/v1/query?query=1", 422, Unavailable)]
    [InlineData("POST", "/api/v1/query_range", 422, Unavailable)]
    [InlineData("GET", "/api/v1/query_exemplars", 422, Unavailable)]
    [InlineData("GET", "/api/v1/format_query", 422, Unavailable)]
    [InlineData("GET", "/api/v1/parse_query", 422, Unavailable)]
    [InlineData("GET", "/api/v1/labels", 422, Unavailable)]
    [InlineData("GET", "/api/v1/label/a/values", 422, Unavailable)]
    [InlineData("GET", "/api/v1/series", 422, Unavailable)]
    [InlineData("GET", "/api/v1/alertmanagers", 422, Unavailable)]
    [InlineData("GET", "/api/v1/alerts", 422, Unavailable)]
    [InlineData("GET", "/api/v1/rules", 422, Unavailable)]
    [InlineData("PUT", "/api/v1/admin/tsdb/snapshot", 422, Unavailable)]
    [InlineData("GET", "/api/v1/scrape_pools", 200, """{"status":"success","data":{"scrapePools":[]}}""")]
    public async Task Speaks_for_an_agent(string method, string path, int status, string body)
    {
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with { IsAgent = true });
        using HttpResponseMessage response = await server.SendAsync(method, path);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Counts_requests_by_route()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await server.GetAsync("/api/v1/label/a/values");
        await server.GetAsync("/api/v1/label/b/values");
        await server.GetAsync("/api/v1/query?query=(");
        await server.GetAsync("/nothere");
        string metrics = await server.GetAsync("/metrics");
        Assert.Contains("prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/label/:name/values\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_http_requests_total{code=\"400\",handler=\"/api/v1/query\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/series\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_http_response_size_bytes_sum{handler=\"/api/v1/label/:name/values\"} 60\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("nothere", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("code=\"404\"", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_what_queries_cost()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await server.LoadSamplesAsync();
        await server.GetAsync("/api/v1/query?query=http_requests_total&time=180");
        string metrics = await server.GetAsync("/metrics");
        Assert.Contains("prometheus_engine_queries 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_engine_queries_concurrent_max 20\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_engine_query_samples_total 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("prometheus_engine_query_duration_seconds_count{slice=\"inner_eval\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Survives_clients_that_leave_in_the_middle()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            using var client = new TcpClient { LingerState = new LingerOption(true, 0) };
            await client.ConnectAsync("127.0.0.1", server.Address.Port);
            await client.GetStream().WriteAsync(
                "GET /api/v1/query_range?query=time()&start=0&end=11000&step=1 HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            if (i % 2 == 0)
                _ = await client.GetStream().ReadAsync(new byte[100]);
        }

        Assert.Contains("\"scalar\"", await server.GetAsync("/api/v1/query?query=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Does_not_fall_over_random_bytes()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        var random = new Random(7);
        const string Request = "GET /api/v1/query?query=sum(rate(x%5B5m%5D))by(a)&time=1.5&timeout=5s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        for (int i = 0; i < 300; i++)
        {
            char[] mutated = Request.ToCharArray();
            for (int j = 0; j < 3; j++)
                mutated[random.Next(4, Request.IndexOf(" HTTP", StringComparison.Ordinal))] = (char)random.Next(0x21, 0x100);
            string answer = await server.SendRawAsync(new string(mutated));
            Assert.Matches("^HTTP/1.1 (200|204|301|400|404|422) ", answer);
        }
    }
}
