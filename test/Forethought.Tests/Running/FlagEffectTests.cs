using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Forethought.Testing;

namespace Forethought.Tests.Running;

/// <summary>What the flags change about a running server.</summary>
public sealed class FlagEffectTests
{
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task Addresses_prefixes_and_origins()
    {
        int second = FreePort.Next();
        await using RunningServer server = await RunningServer.StartAsync(
            "", $"--web.listen-address=127.0.0.1:{second}", "--web.route-prefix=/in", "--web.external-url=http://ext.example/out",
            "--web.cors.origin=http://(a|b)\\.example");
        using HttpResponseMessage home = await server.SendAsync("GET", "/");
        Assert.Equal("/out/query", home.Headers.Location?.OriginalString);
        using HttpResponseMessage answer = await server.SendAsync("GET", "/api/v1/query?query=1", null, ("Origin", "http://b.example"));
        Assert.Equal(["http://b.example"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
        using var client = new HttpClient();
        Assert.Equal("Prometheus Server is Healthy.\n", await client.GetStringAsync(new Uri($"http://127.0.0.1:{second}/in/-/healthy")));
        using HttpResponseMessage outside = await client.GetAsync(new Uri($"http://127.0.0.1:{second}/-/healthy"));
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    [Fact]
    public async Task The_state_of_series_is_noted_and_the_queue_of_chunks_is_counted()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "", "--enable-feature=fast-startup,use-uncached-io", "--storage.tsdb.head-chunks-write-queue-size=7", "--web.enable-remote-write-receiver");
        Assert.Equal(HttpStatusCode.NoContent, await server.WriteAsync(Now * 1000, "m", "n"));
        Assert.Contains(
            "\nprometheus_tsdb_chunk_write_queue_operations_total{operation=\"add\"} 0\n", await server.GetAsync("/metrics"), StringComparison.Ordinal);
        (int code, string log) = await server.StopAsync();
        Assert.Equal(0, code);
        Assert.Contains("Experimental fast startup is enabled.", log, StringComparison.Ordinal);
        Assert.Equal(
            "{\"last_series_id\":2,\"last_wal_segment\":0,\"clean_shutdown\":true}\n",
            File.ReadAllText(Path.Combine(server.DataDirectory, "wal", "series_state.json")));
    }

    [Fact]
    public async Task Limits_of_queries()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "", "--query.max-samples=100", "--query.lookback-delta=10s", "--query.max-concurrency=3", "--web.enable-remote-write-receiver");
        Assert.Equal(HttpStatusCode.NoContent, await server.WriteAsync((Now - 60) * 1000, "m"));
        Assert.Equal("7", await server.ValueAsync("m", Now - 51));
        Assert.Equal(0, (await server.DataAsync($"query?query=m&time={Now - 49}")).GetProperty("result").GetArrayLength());
        Assert.Contains(
            "query processing would load too many samples into memory in query execution",
            await server.GetAsync("/api/v1/query_range?query=vector(1)&start=0&end=1000&step=1"), StringComparison.Ordinal);
        Assert.Contains("\nprometheus_engine_queries_concurrent_max 3\n", await server.GetAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_a_query_may_take()
    {
        await using RunningServer server = await RunningServer.StartAsync("", "--query.timeout=1ms");
        await Eventually.Passes(async () => Assert.Contains(
            "\"errorType\":\"timeout\",\"error\":\"query timed out in ",
            await server.GetAsync("/api/v1/query?query=sum_over_time(sum_over_time(vector(1)[6h:1s])[1h:1s])"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--storage.tsdb.retention.time=3d", "3d")]
    [InlineData("--storage.tsdb.retention.time=0s", "15d")]
    [InlineData("--query.timeout=2m", "15d")]
    public async Task Retention(string flag, string shown)
    {
        await using RunningServer server = await RunningServer.StartAsync("", flag);
        Assert.Equal(shown, (await server.DataAsync("status/runtimeinfo")).GetProperty("storageRetention").GetString());
    }

    [Theory]
    [InlineData("--storage.tsdb.samples-per-chunk=120", true)]
    [InlineData("--storage.tsdb.samples-per-chunk=10", false)]
    public async Task The_samples_of_a_chunk(string flag, bool allInOne)
    {
        await using RunningServer server = await RunningServer.StartAsync("", flag, "--web.enable-remote-write-receiver");
        // Within one of the ranges of two hours that chunks never cross.
        long start = (Now / 7_200 * 7_200) - 7_200 + 1_000;
        for (int i = 0; i < 40; i++)
            Assert.Equal(HttpStatusCode.NoContent, await server.WriteAsync((start + (15 * i)) * 1000, "m"));
        Assert.Equal(allInOne, (await server.GetAsync("/metrics")).Contains("\nprometheus_tsdb_head_chunks 1\n", StringComparison.Ordinal));
        Assert.Equal("40", await server.ValueAsync("count_over_time(m[1h])", start + 600));
    }

    // The type of a record's first fragment carries its compression in two bits (tsdb/docs/format/wal.md).
    [Theory]
    [InlineData("--storage.tsdb.wal-compression", 0x08)]
    [InlineData("--storage.tsdb.wal-compression-type=zstd", 0x10)]
    [InlineData("--no-storage.tsdb.wal-compression", 0x00)]
    public async Task The_write_ahead_log(string flag, int compression)
    {
        await using RunningServer server = await RunningServer.StartAsync("", flag, "--web.enable-remote-write-receiver");
        Assert.Equal(HttpStatusCode.NoContent, await server.WriteAsync(Now * 1000, [.. Enumerable.Range(0, 200).Select(i => $"a_rather_long_name_{i}")]));
        byte[] segment = await ReadAsync(Path.Combine(server.DataDirectory, "wal", "00000000"));
        Assert.Equal(compression, segment[0] & 0x18);
    }

    [Theory]
    [InlineData("--storage.tsdb.no-lockfile", false)]
    [InlineData("--no-storage.tsdb.no-lockfile", true)]
    public async Task The_lock_of_the_data(string flag, bool locked)
    {
        await using RunningServer server = await RunningServer.StartAsync("", flag);
        Assert.Equal(locked, File.Exists(Path.Combine(server.DataDirectory, "lock")));
    }

    [Fact]
    public async Task Which_versions_of_remote_write_are_taken()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "", "--web.enable-remote-write-receiver", "--web.remote-write-receiver.accepted-protobuf-messages=io.prometheus.write.v2.Request");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await server.WriteAsync(Now * 1000, "m"));
        await using RunningServer without = await RunningServer.StartAsync("");
        Assert.Equal(HttpStatusCode.NotFound, await without.WriteAsync(Now * 1000, "m"));
    }

    [Fact]
    public async Task Features()
    {
        await using RunningServer without = await RunningServer.StartAsync("");
        Assert.Contains("is not enabled", await without.GetAsync("/api/v1/query?query=sort_by_label(vector(1),%22a%22)"), StringComparison.Ordinal);
        Assert.Contains("extra_scrape_metrics: false", (await without.DataAsync("status/config")).GetProperty("yaml").GetString(), StringComparison.Ordinal);
        await using RunningServer with = await RunningServer.StartAsync("", "--enable-feature=promql-experimental-functions,extra-scrape-metrics");
        Assert.Contains("\"success\"", await with.GetAsync("/api/v1/query?query=sort_by_label(vector(1),%22a%22)"), StringComparison.Ordinal);
        Assert.Contains("extra_scrape_metrics: true", (await with.DataAsync("status/config")).GetProperty("yaml").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_and_level_of_the_log()
    {
        await using RunningServer server = await RunningServer.StartAsync("", "--log.format=json", "--log.level=warn", "--web.page-title=x");
        (int code, string log) = await server.StopAsync();
        Assert.Equal(0, code);
        JsonElement[] lines = [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(line.GetProperty("level").GetString(), (string[])["WARN", "ERROR"]));
        Assert.Contains(lines, line => line.TryGetProperty("flags", out JsonElement flags) && flags.GetString() == "--web.page-title");
    }

    [Fact]
    public async Task Whether_it_may_be_told_to_reload_and_to_end()
    {
        await using RunningServer server = await RunningServer.StartAsync("global: {scrape_interval: 9s}\n");
        File.WriteAllText(server.ConfigurationFile, "global: {scrape_interval: 8s}\n");
        using HttpResponseMessage reloaded = await server.SendAsync("POST", "/-/reload");
        Assert.Equal(HttpStatusCode.OK, reloaded.StatusCode);
        Assert.Contains("scrape_interval: 8s", (await server.DataAsync("status/config")).GetProperty("yaml").GetString(), StringComparison.Ordinal);
        File.WriteAllText(server.ConfigurationFile, "nonsense: 1\n");
        using HttpResponseMessage refused = await server.SendAsync("POST", "/-/reload");
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Contains("failed to reload config: ", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False((await server.DataAsync("status/runtimeinfo")).GetProperty("reloadConfigSuccess").GetBoolean());
    }

    // A client that never finishes its headers is let go.
    [Fact]
    public async Task The_time_a_request_may_take_to_arrive()
    {
        await using RunningServer server = await RunningServer.StartAsync("", "--web.read-timeout=1s");
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port);
        await client.GetStream().WriteAsync("GET /-/healthy HTTP/1.1\r\nHost:"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        string answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mode()
    {
        await using RunningServer server = await RunningServer.StartAsync("", "--agent");
        Assert.Equal("Prometheus Agent is Ready.\n", await server.GetAsync("/-/ready"));
        Assert.Contains("unavailable with Prometheus Agent", await server.GetAsync("/api/v1/query?query=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_flag_is_shown_with_its_value()
    {
        await using RunningServer server = await RunningServer.StartAsync("", "--query.timeout=77s");
        JsonElement flags = await server.DataAsync("status/flags");
        Assert.Equal("77s", flags.GetProperty("query.timeout").GetString());
        Assert.Equal(Forethought.Flags.ServerFlags.All.Count, flags.EnumerateObject().Count());
    }

    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new MemoryStream();
        await file.CopyToAsync(content);
        return content.ToArray();
    }
}
