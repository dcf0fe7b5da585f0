using System.Collections.Concurrent;
using System.Net;
using Forethought.Testing;

namespace Forethought.Tests.Running;

/// <summary>What settings of the configuration change about a running server.</summary>
public sealed class SettingEffectTests
{
    [Theory]
    [InlineData("", "5")]
    [InlineData("global: {evaluation_interval: 30s}", "10")]
    public async Task Steps_of_subqueries(string configuration, string count)
    {
        await using RunningServer server = await RunningServer.StartAsync(configuration);
        Assert.Equal(count, await server.ValueAsync("count_over_time(vector(1)[5m:])", 600));
    }

    [Theory]
    [InlineData("storage: {tsdb: {retention: {time: 4d}}}", "4d")]
    [InlineData("storage: {tsdb: {retention: {size: 1GB}}}", "1GiB")]
    [InlineData("storage: {tsdb: {retention: {time: 4d, size: 1GB, percentage: 12.5}}}", "4d or 1GiB or 12.5%")]
    public async Task Retention(string configuration, string shown)
    {
        await using RunningServer server = await RunningServer.StartAsync(configuration, "--storage.tsdb.retention.time=2d");
        Assert.Equal(shown, (await server.DataAsync("status/runtimeinfo")).GetProperty("storageRetention").GetString());
    }

    [Fact]
    public async Task Room_for_exemplars_also_after_a_reload()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "storage: {exemplars: {max_exemplars: 5}}\n", "--enable-feature=exemplar-storage");
        Assert.Contains("\nprometheus_tsdb_exemplar_max_exemplars 5\n", await server.GetAsync("/metrics"), StringComparison.Ordinal);
        File.WriteAllText(server.ConfigurationFile, "storage: {exemplars: {max_exemplars: 7}}\n");
        using HttpResponseMessage reloaded = await server.SendAsync("POST", "/-/reload");
        Assert.Contains("\nprometheus_tsdb_exemplar_max_exemplars 7\n", await server.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_must_not_choose_chunks_that_lose_start_timestamps()
    {
        const string xor2 = "storage: {tsdb: {chunk_encoding: {floats: xor2}}}\n";
        await using RunningServer server = await RunningServer.StartAsync(xor2, "--enable-feature=st-storage");
        File.WriteAllText(server.ConfigurationFile, xor2.Replace("xor2", "xor", StringComparison.Ordinal));
        using HttpResponseMessage refused = await server.SendAsync("POST", "/-/reload");
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Contains("is incompatible with start-timestamp storage", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        File.WriteAllText(server.ConfigurationFile, xor2);
        using HttpResponseMessage reloaded = await server.SendAsync("POST", "/-/reload");
        Assert.Equal(HttpStatusCode.OK, reloaded.StatusCode);
    }

    [Fact]
    public async Task Requests_of_a_job()
    {
        using var target = new RecordingTarget("m 1\n");
        await using RunningServer server = await RunningServer.StartAsync($$$"""
            global: {scrape_interval: 200ms, scrape_timeout: 150ms}
            scrape_configs:
            - job_name: plain
              static_configs: [{targets: ['{{{target.Endpoint}}}']}]
            - job_name: other
              metrics_path: /other
              params: {a: ["x y", z]}
              enable_compression: false
              scrape_protocols: [PrometheusText0.0.4]
              basic_auth: {username: u, password: p}
              http_headers: {X-Extra: {values: [v]}}
              static_configs: [{targets: ['{{{target.Endpoint}}}']}]
            """);
        WebHeaderCollection plain = await Eventually.Passes(() => Task.FromResult(target.Of("/metrics")));
        Assert.Equal("gzip", plain["Accept-Encoding"]);
        Assert.Equal("0.15", plain["X-Prometheus-Scrape-Timeout-Seconds"]);
        Assert.Null(plain["Authorization"]);
        WebHeaderCollection other = await Eventually.Passes(() => Task.FromResult(target.Of("/other?a=x+y&a=z")));
        Assert.Equal("identity", other["Accept-Encoding"]);
        Assert.Equal("text/plain;version=0.0.4;q=0.6,*/*;q=0.5", other["Accept"]);
        Assert.Equal("Basic dTpw", other["Authorization"]);
        Assert.Equal("v", other["X-Extra"]);
    }

    [Fact]
    public async Task Samples_of_a_job()
    {
        using var target = new RecordingTarget("m{job=\"theirs\",long=\"abcdef\"} 1\ngone 2\n");
        await using RunningServer server = await RunningServer.StartAsync($$$"""
            global: {scrape_interval: 200ms, scrape_timeout: 150ms}
            scrape_configs:
            - job_name: ours
              static_configs: [{targets: ['{{{target.Endpoint}}}'], labels: {place: here}}]
              metric_relabel_configs: [{source_labels: [__name__], regex: gone, action: drop}]
            - job_name: honoured
              honor_labels: true
              relabel_configs: [{target_label: added, replacement: yes}]
              static_configs: [{targets: ['{{{target.Endpoint}}}']}]
            - {job_name: few, sample_limit: 1, static_configs: [{targets: ['{{{target.Endpoint}}}']}]}
            - {job_name: small, body_size_limit: 5B, static_configs: [{targets: ['{{{target.Endpoint}}}']}]}
            - {job_name: short, label_value_length_limit: 5, static_configs: [{targets: ['{{{target.Endpoint}}}']}]}
            - {job_name: none, target_limit: 1, static_configs: [{targets: ['{{{target.Endpoint}}}', 'localhost:1']}]}
            """);
        foreach ((string query, string value) in ((string, string)[])
        [
            ("count(m{job='ours',exported_job='theirs',place='here'})", "1"), ("count(m{job='theirs',added='yes'})", "1"),
            ("count(gone{job='honoured'})", "1"), ("count(up{job=~'few|small|short'} == 0)", "3"), ("count(up{job='none'} == 0)", "2"),
            ("scrape_samples_post_metric_relabeling{job='ours'}", "1"), ("absent(gone{job='ours'})", "1"),
        ])
        {
            await Eventually.Passes(async () => Assert.Equal(
                value, await server.ValueAsync(query, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1)));
        }
    }

    /// <summary>A target that keeps the headers of the last request of each path.</summary>
    private sealed class RecordingTarget : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentDictionary<string, WebHeaderCollection> _requests = new();
        private readonly byte[] _body;

        public RecordingTarget(string body)
        {
            _body = System.Text.Encoding.UTF8.GetBytes(body);
            Endpoint = $"127.0.0.1:{FreePort.Next()}";
            _listener.Prefixes.Add($"http://{Endpoint}/");
            _listener.Start();
            _ = ServeAsync();
        }

        public string Endpoint { get; }

        public WebHeaderCollection Of(string path)
        {
            Assert.True(_requests.TryGetValue(path, out WebHeaderCollection? headers), "only " + string.Join(' ', _requests.Keys));
            return headers;
        }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    _requests[context.Request.RawUrl ?? ""] = (WebHeaderCollection)context.Request.Headers;
                    context.Response.ContentType = "text/plain; version=0.0.4";
                    await context.Response.OutputStream.WriteAsync(_body);
                    context.Response.Close();
                }
            }
            catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
