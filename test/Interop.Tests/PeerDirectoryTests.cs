using System.Globalization;
using System.Net;
using EndToEnd.Tests;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>
/// A directory in which the real Prometheus left all that it can: full and open chunks, late samples and their log, deletions, native
/// histograms, exemplars, metadata records; in each compression, ended and killed, with a snapshot of its memory and without. Both
/// servers open copies of it and answer alike; what is written to it here the real Prometheus reads.
/// </summary>
public sealed class PeerDirectoryTests
{
    private const string Features = "--enable-feature=native-histograms,exemplar-storage,metadata-wal-records";
    private const string Configuration = "storage: {tsdb: {out_of_order_time_window: 6h}}\n";

    private static readonly string[] Queries =
    [
        "written[3h]", "late[3h]", "count_over_time(written[3h])", "sum(sum_over_time(late[3h]))", "{__name__=~'prometheus_http_request_duration_seconds.*'}[10m]",
        "histogram_count(last_over_time(prometheus_http_request_duration_seconds[10m]))", "count by (__name__) ({__name__=~'.+'})", "up[10m]", "exposed_total[10m]",
        "count(last_over_time({__name__=~'written|continued'}[3h]))",
    ];

    private readonly LogicalClock _clock = new();

    [Theory]
    [InlineData("snappy", true, false)]
    [InlineData("snappy", false, false)]
    [InlineData("zstd", false, false)]
    [InlineData("zstd", true, true)]
    [InlineData("none", true, true)]
    [InlineData("none", false, false)]
    public async Task Is_read_here_and_read_there_after_it_was_written_to_here(string compression, bool terminate, bool hasSnapshot)
    {
        string[] flags =
        [
            hasSnapshot ? Features + ",memory-snapshot-on-shutdown" : Features, "--web.enable-admin-api",
            compression == "none" ? "--no-storage.tsdb.wal-compression" : "--storage.tsdb.wal-compression-type=" + compression,
        ];
        using var writing = new ServerHome(binary: Reference.Prometheus);
        await WriteEverything(writing, flags, terminate);
        string time = Seconds(TimeProvider.System.GetUtcNow().AddSeconds(1));
        AssertHasAllKindsOfFiles(writing.DataDirectory, hasSnapshot);

        using var theirs = new ServerHome(Configuration, Reference.Prometheus);
        using var ours = new ServerHome(Configuration);
        Copy(writing.DataDirectory, theirs.DataDirectory);
        Copy(writing.DataDirectory, ours.DataDirectory);
        string[] expected, continued;
        await using (ServerProcess server = await theirs.Start(flags))
            expected = await Answers(server, time);
        await using (ServerProcess server = await ours.Start(flags))
        {
            AssertAlike(expected, await Answers(server, time));
            using var writer = new RemoteWriter(ours.Address);
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples("continued", 150, 160)));
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples("late", 40, 49)));
            await Delete(server, "late", 70, 80);
            continued = await Answers(server, time);
            Assert.NotEqual(expected, continued);
            if (terminate)
                Assert.Equal(0, await server.Terminate());
            else
                await server.Kill();
            Assert.DoesNotContain("level=ERROR", server.Log, StringComparison.Ordinal);
        }

        // What was deleted of the late samples is hidden there until they are in blocks.
        using var again = new ServerHome(Configuration, Reference.Prometheus) { DataDirectory = ours.DataDirectory };
        await using ServerProcess last = await again.Start(flags);
        AssertAlike(continued, await Answers(last, time));
        Assert.DoesNotContain("level=ERROR", last.Log, StringComparison.Ordinal);
    }

    // Late samples come 90 a series, which is two full chunks and some.
    private async Task WriteEverything(ServerHome home, string[] flags, bool terminate)
    {
        int scrapes = 0;
        await using var target = new TargetServer(_ => new TargetAnswer(
            $"# TYPE exposed counter\n# HELP exposed What is exposed.\nexposed_total {++scrapes} # {{trace_id=\"t{scrapes}\"}} 0.5\n# EOF\n")
        {
            ContentType = "application/openmetrics-text; version=1.0.0",
        });
        home.Configure(Configuration + $$"""
            global: {scrape_interval: 100ms, scrape_timeout: 100ms}
            scrape_configs:
            - job_name: self
              static_configs: [{targets: ["{{home.Endpoint}}", "{{target.Endpoint}}"]}]
            """);
        await using ServerProcess server = await home.Start(flags);
        using var writer = new RemoteWriter(home.Address);
        Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples("written", 0, 150)));
        Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples("late", 149, 150)));
        for (int begin = 100; begin >= 50; begin -= 10)
            Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Samples("late", begin, begin + 15)));
        await Delete(server, "written{i='1'}", 30, 50);
        await Delete(server, "written{i='2'}", 0, 1000);
        await Eventually.Passes(async () => Assert.True(await server.Api.Value("max(count_over_time(up[1m]))") > 10));
        if (terminate)
            Assert.Equal(0, await server.Terminate());
        else
            await server.Kill();
    }

    private static void AssertHasAllKindsOfFiles(string data, bool hasSnapshot)
    {
        Assert.Contains(new DirectoryInfo(Path.Combine(data, "wbl")).GetFiles(), file => file.Length > 0);
        Assert.Contains(new DirectoryInfo(Path.Combine(data, "chunks_head")).GetFiles(), file => file.Length > 8);
        Assert.Equal(hasSnapshot, Directory.EnumerateDirectories(data, "chunk_snapshot.*").Any());
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void AssertAlike(string[] expected, string[] actual)
    {
        for (int i = 0; i < Queries.Length; i++)
        {
            Assert.Contains("\"success\"", expected[i], StringComparison.Ordinal);
            string? difference = Answer.Difference(expected[i], actual[i], ordered: false);
            Assert.True(difference is null, $"{Queries[i]}\n{difference}");
        }

        Assert.Equal(expected[^1], actual[^1]);
    }

    private static async Task<string[]> Answers(ServerProcess server, string time)
    {
        var answers = new List<string>();
        foreach (string query in Queries)
            answers.Add((await server.Api.Post("api/v1/query", ("query", query), ("time", time))).Body);
        answers.Add((await server.Api.Get($"api/v1/query_exemplars?query=exposed_total&start=0&end={time}")).Body);
        Assert.All(answers[..^1], answer => Assert.DoesNotContain("\"result\":[]", answer, StringComparison.Ordinal));
        Assert.Contains("trace_id", answers[^1], StringComparison.Ordinal);
        return [.. answers];
    }

    private async Task Delete(ServerProcess server, string selector, int begin, int end)
    {
        (HttpStatusCode status, string body) = await server.Api.Post(
            "api/v1/admin/tsdb/delete_series", ("match[]", selector), ("start", Seconds(begin)), ("end", Seconds(end)));
        Assert.Equal((HttpStatusCode.NoContent, ""), (status, body));
    }

    private string Seconds(int tick) => Seconds(_clock.At(tick));

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private IEnumerable<WrittenSample> Samples(string name, int begin, int end) =>
        from i in Enumerable.Range(0, 8)
        from tick in Enumerable.Range(begin, end - begin)
        select new WrittenSample(_clock.Ms(tick), tick * i + 0.25 * (tick % 5), ("__name__", name), ("i", $"{i}"));
}
