using System.Net;
using System.Text;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>Both servers scrape the same exemplars, answer alike, and read what the other logged.</summary>
public sealed class ExemplarTests
{
    private const string Feature = "--enable-feature=exemplar-storage";

    // Less than what is exposed.
    private const int Room = 30;

    private static readonly LogicalClock Clock = new();

    private static readonly string[] Paths =
    [
        "query={job=%22exemplars%22}", "query=requests_total", "query=sum(rate(requests_total{code=%22500%22}[5m]))%20%2F%20latency_count",
        "query=latency_bucket", "query={__name__=~%22.%2Bs%7C.%2Be%22}", "query=nothing", "query=1", "query={job=~%22.*%22}", "query=",
        $"query={{job=%22exemplars%22}}&start={Seconds(1)}&end={Seconds(2)}", $"query=requests_total&end={Seconds(1)}4",
        "query=requests_total&start=2&end=1", "query=requests_total&start=x",
    ];

    private static readonly string[] Metrics =
    [
        "exemplars_appended_total", "exemplars_in_storage", "series_with_exemplars_in_storage", "last_exemplars_timestamp_seconds",
        "max_exemplars", "out_of_order_exemplars_total",
    ];

    [Fact]
    public async Task Both_servers_answer_alike_and_read_what_the_other_logged()
    {
        string prometheus = Reference.Prometheus;
        await using var target = new PageSequence(Page, pages: 6);
        using var reference = new ServerHome(Configuration(target, "/reference", Room), prometheus);
        using var forethought = new ServerHome(Configuration(target, "/forethought", Room));
        await using (ServerProcess theirs = await reference.Start(Feature))
        await using (ServerProcess ours = await forethought.Start(Feature))
        {
            await Eventually.Passes(() => Task.Run(() => Assert.True(target.AreAllServed("/reference", "/forethought"))));
            string[] answers = await AssertAlike(theirs, ours);
            Assert.Contains("\"value\":\"NaN\"", answers[0], StringComparison.Ordinal);
            Assert.Contains("{\"path\":\" / <b> ", answers[0], StringComparison.Ordinal);
            Assert.Equal(
                await theirs.Api.OwnMetric("prometheus_target_scrapes_exemplar_out_of_order_total"),
                await ours.Api.OwnMetric("prometheus_target_scrapes_exemplar_out_of_order_total"));

            await Resize(reference, theirs, target, "/reference", 5);
            await Resize(forethought, ours, target, "/forethought", 5);
            await AssertAlike(theirs, ours);
            await Resize(reference, theirs, target, "/reference", Room);
            await Resize(forethought, ours, target, "/forethought", Room);
            await AssertAlike(theirs, ours);
            Assert.Equal(0, await theirs.Terminate());
            Assert.Equal(0, await ours.Terminate());
        }

        (reference.DataDirectory, forethought.DataDirectory) = (forethought.DataDirectory, reference.DataDirectory);
        await using ServerProcess theirsOnOurs = await reference.Start(Feature);
        await using ServerProcess oursOnTheirs = await forethought.Start(Feature);
        // Not as before: the log does not say which times were the exemplars' own, so more of them are the same.
        string[] replayed = await AssertAlike(theirsOnOurs, oursOnTheirs);
        Assert.Contains("exemplars_in_storage 30", replayed);
    }

    [Fact]
    public async Task Without_the_feature_there_are_none()
    {
        string prometheus = Reference.Prometheus;
        await using var target = new PageSequence(Page, pages: 1);
        using var reference = new ServerHome(Configuration(target, "/reference", Room), prometheus);
        using var forethought = new ServerHome(Configuration(target, "/forethought", Room));
        await using ServerProcess theirs = await reference.Start();
        await using ServerProcess ours = await forethought.Start();
        await Eventually.Passes(() => Task.Run(() => Assert.True(target.AreAllServed("/reference", "/forethought"))));
        string[] answers = await AssertAlike(theirs, ours);
        Assert.Contains("200 {\"status\":\"success\",\"data\":[]}", answers[0], StringComparison.Ordinal);
    }

    private static async Task<string[]> AssertAlike(ServerProcess theirs, ServerProcess ours)
    {
        string[] expected = await Answers(theirs);
        Assert.Equal(expected, await Answers(ours));
        return expected;
    }

    private static async Task<string[]> Answers(ServerProcess server)
    {
        List<string> answers = [];
        foreach (string path in Paths)
        {
            (HttpStatusCode status, string body) = await server.Api.Get("api/v1/query_exemplars?" + path);
            answers.Add($"{path} {(int)status} {body}");
        }

        foreach (string metric in Metrics)
            answers.Add($"{metric} {await server.Api.OwnMetric("prometheus_tsdb_exemplar_" + metric)}");
        return [.. answers];
    }

    private static async Task Resize(ServerHome home, ServerProcess server, PageSequence target, string path, int maxExemplars)
    {
        home.Configure(Configuration(target, path, maxExemplars));
        (HttpStatusCode status, string body) = await server.Api.Post("-/reload");
        Assert.True(status == HttpStatusCode.OK, body);
    }

    private static string Configuration(PageSequence target, string path, int maxExemplars) => $$"""
        global: {scrape_interval: 200ms, scrape_timeout: 200ms}
        storage:
          exemplars: {max_exemplars: {{maxExemplars}} }
        scrape_configs:
        - job_name: exemplars
          metrics_path: {{path}}
          scrape_protocols: [OpenMetricsText1.0.0]
          static_configs: [{targets: ["{{target.Endpoint}}"]}]
        """;

    // Every sample has a time, so that exemplars without one do not get the scrape's.
    private static string Page(int page)
    {
        string time = Seconds(page);
        string[] values = ["0.1", "+Inf", "-0.0", "NaN", "1e21", "1e-7"];
        var text = new StringBuilder("# TYPE requests counter\n");
        Line($"requests_total{{code=\"200\"}} {page} {time} # {{trace_id=\"a{page}\"}} {values[page]} {time}");
        // The same exemplar again and again: once without a time, once with a new one.
        Line($"requests_total{{code=\"404\"}} {page} {time} # {{trace_id=\"same\"}} 1");
        Line($"requests_total{{code=\"405\"}} {page} {time} # {{trace_id=\"same\"}} 1 {time}");
        // Late from the fourth page on.
        Line($"requests_total{{code=\"500\"}} {page} {time} # {{trace_id=\"late\"}} {page} {Seconds(page < 3 ? page : page - 3)}");
        Line($"requests_total{{code=\"501\"}} {page} {time} # {{}} {page} {time}");
        Line($"requests_total{{code=\"502\"}} {page} {time} # {{path=\" / <b> \\\"é\\\"\\n\",n=\"\"}} {page} {time}");
        Line($"requests_total{{code=\"503\"}} {page} {time} # {{n=\"{new string('é', 127)}\"}} {page} {time}");
        Line($"requests_total{{code=\"504\"}} {page} {time} # {{n=\"{new string('x', 128)}\"}} {page} {time}");
        // One time with values going up, then down.
        Line($"requests_total{{code=\"505\"}} {page} {time} # {{n=\"t\"}} {page % 3} {Seconds(0)}");
        Line("# TYPE latency histogram");
        Line($"latency_bucket{{le=\"1\"}} {page} {time} # {{trace_id=\"b{page}\"}} 0.5 {time}");
        Line($"latency_bucket{{le=\"+Inf\"}} {page} {time} # {{trace_id=\"c{page}\",span_id=\"s\"}} 5e3 {time}");
        Line($"latency_sum 1 {time}\nlatency_count {page} {time}\n# EOF");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    private static string Seconds(int page) => $"{Clock.Ms(page) / 1000}.00{page}";
}
