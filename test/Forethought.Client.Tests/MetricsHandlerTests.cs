using System.IO.Compression;
using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class MetricsHandlerTests
{
    private const string Head =
        """
        # HELP a_total A.
        # TYPE a_total counter
        a_total 1

        """;

    private readonly MetricRegistry _registry = new();

    public MetricsHandlerTests() =>
        _registry.CreateCounter("a_total", "A.", new MetricOptions { TimeProvider = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)) }).Inc();

    [Fact]
    public void Counts_requests_by_code_and_shows_the_one_in_flight()
    {
        var handler = new MetricsHandler(_registry);
        // The metric handler's own lines, as Prometheus exposes them on its second scrape.
        string Expected(int scrapes) => Head +
            $"""
            # HELP promhttp_metric_handler_requests_in_flight Current number of scrapes being served.
            # TYPE promhttp_metric_handler_requests_in_flight gauge
            promhttp_metric_handler_requests_in_flight 1
            # HELP promhttp_metric_handler_requests_total Total number of scrapes by HTTP status code.
            # TYPE promhttp_metric_handler_requests_total counter
            promhttp_metric_handler_requests_total{"{"}code="200"{"}"} {scrapes}
            promhttp_metric_handler_requests_total{"{"}code="500"{"}"} 0
            promhttp_metric_handler_requests_total{"{"}code="503"{"}"} 0

            """;

        for (int scrapes = 0; scrapes < 3; scrapes++)
        {
            using MetricsAnswer answer = handler.Answer(null, null);
            Assert.Equal(200, answer.StatusCode);
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8; escaping=underscores", answer.ContentType);
            Assert.Null(answer.ContentEncoding);
            Assert.Equal(Expected(scrapes), Text(answer));
        }
    }

    [Fact]
    public void Shares_its_metrics_between_handlers_of_a_registry()
    {
        new MetricsHandler(_registry).Answer(null, null).Dispose();
        using MetricsAnswer answer = new MetricsHandler(_registry).Answer(null, null);
        Assert.Contains("requests_total{code=\"200\"} 1\n", Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_an_answer_once_however_often_it_is_disposed()
    {
        var handler = new MetricsHandler(_registry);
        MetricsAnswer first = handler.Answer(null, null);
        first.Dispose();
        first.Dispose();
        using MetricsAnswer answer = handler.Answer(null, null);
        Assert.Contains("requests_total{code=\"200\"} 1\n", Text(answer), StringComparison.Ordinal);
        Assert.Contains("in_flight 1\n", Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void Compresses_on_request()
    {
        var handler = new MetricsHandler(_registry);
        using MetricsAnswer answer = handler.Answer(null, "gzip");
        Assert.Equal("gzip", answer.ContentEncoding);
        using var gzip = new GZipStream(new MemoryStream(answer.Body.ToArray()), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        Assert.StartsWith(Head, reader.ReadToEnd(), StringComparison.Ordinal);

        using MetricsAnswer plain = new MetricsHandler(_registry, new MetricsHandlerOptions { Compress = false }).Answer(null, "gzip");
        Assert.Null(plain.ContentEncoding);
        Assert.StartsWith(Head, Text(plain), StringComparison.Ordinal);
    }

    [Fact]
    public void Speaks_OpenMetrics_where_allowed()
    {
        const string Accept = "application/openmetrics-text;version=1.0.0";
        using MetricsAnswer text = new MetricsHandler(_registry).Answer(Accept, null);
        Assert.StartsWith("text/plain", text.ContentType, StringComparison.Ordinal);

        var handler = new MetricsHandler(_registry, new MetricsHandlerOptions { OfferOpenMetrics = true, WriteCreatedSamples = true });
        using MetricsAnswer answer = handler.Answer(Accept, null, ["a_total"]);
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores", answer.ContentType);
        Assert.Equal("# HELP a A.\n# TYPE a counter\na_total 1.0\na_created 1.7e+09\n# EOF\n", Text(answer));
    }

    [Fact]
    public void Writes_created_lines_after_each_metric_that_counts()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(12345600));
        var registry = new MetricRegistry();
        registry.CreateCounterFamily("foos_total", "F.", ["l"], new MetricOptions { TimeProvider = clock }).WithLabels("v");
        registry.CreateGauge("g", "G.", new MetricOptions { TimeProvider = clock });
        registry.CreateHistogram("h", "H.", new HistogramOptions { Buckets = [], TimeProvider = clock });
        registry.CreateSummary("s", "S.", new SummaryOptions { TimeProvider = clock });
        var handler = new MetricsHandler(registry, new MetricsHandlerOptions { OfferOpenMetrics = true, WriteCreatedSamples = true });
        using MetricsAnswer answer = handler.Answer("application/openmetrics-text;version=1.0.0", null, ["foos_total", "g", "h", "s"]);
        Assert.Equal(
            """
            # HELP foos F.
            # TYPE foos counter
            foos_total{l="v"} 0.0
            foos_created{l="v"} 12345.6
            # HELP g G.
            # TYPE g gauge
            g 0.0
            # HELP h H.
            # TYPE h histogram
            h_bucket{le="+Inf"} 0
            h_sum 0.0
            h_count 0
            h_created 12345.6
            # HELP s S.
            # TYPE s summary
            s_sum 0.0
            s_count 0
            s_created 12345.6
            # EOF

            """,
            Text(answer));
    }

    [Fact]
    public void Answers_only_the_families_asked_for()
    {
        var handler = new MetricsHandler(_registry);
        using MetricsAnswer one = handler.Answer(null, null, ["a_total", "unknown"]);
        Assert.Equal(Head, Text(one));
        using MetricsAnswer all = handler.Answer(null, null, []);
        Assert.Contains("promhttp", Text(all), StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_the_error_of_a_collector_instead_of_half_an_answer()
    {
        bool fail = true;
        _registry.CreateGaugeFunc("broken", "B.", () => fail ? throw new InvalidOperationException("no value") : 1);
        var handler = new MetricsHandler(_registry);
        using (MetricsAnswer answer = handler.Answer(null, "gzip"))
        {
            Assert.Equal(500, answer.StatusCode);
            Assert.Equal("text/plain; charset=utf-8", answer.ContentType);
            Assert.Null(answer.ContentEncoding);
            Assert.Equal("An error has occurred while serving metrics:\n\ncollector GaugeFunc failed: no value\n", Text(answer));
        }

        fail = false;
        using MetricsAnswer next = handler.Answer(null, null);
        Assert.Contains("requests_total{code=\"500\"} 1\n", Text(next), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_requests_in_flight()
    {
        var handler = new MetricsHandler(_registry, new MetricsHandlerOptions { MaxRequestsInFlight = 1 });
        using (MetricsAnswer first = handler.Answer(null, null))
        using (MetricsAnswer second = handler.Answer(null, null))
        {
            Assert.Equal(200, first.StatusCode);
            Assert.Equal(503, second.StatusCode);
            Assert.Equal("Limit of concurrent requests reached (1), try again later.\n", Text(second));
        }

        using MetricsAnswer third = handler.Answer(null, null);
        Assert.Equal(200, third.StatusCode);
        Assert.Contains("requests_total{code=\"503\"} 1\n", Text(third), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_the_head_before_the_body_and_then_counts()
    {
        var handler = new MetricsHandler(_registry);
        using var body = new MemoryStream();
        string? contentType = null;
        await handler.ServeAsync(
            null,
            null,
            answer =>
            {
                Assert.Equal(0, body.Length);
                contentType = answer.ContentType;
            },
            body,
            TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8; escaping=underscores", contentType);
        Assert.StartsWith(Head, System.Text.Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
        Assert.Contains("requests_total{code=\"200\"} 1\n", _registry.ToText(), StringComparison.Ordinal);
        Assert.Contains("in_flight 0\n", _registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_many_at_a_time()
    {
        var handler = new MetricsHandler(_registry);
        Threads.Run(4, _ =>
        {
            for (int i = 0; i < 200; i++)
            {
                using MetricsAnswer answer = handler.Answer(null, i % 2 == 0 ? "gzip" : null);
                Assert.Equal(200, answer.StatusCode);
                if (i % 2 == 1)
                    Assert.StartsWith(Head, Text(answer), StringComparison.Ordinal);
            }
        });
        Assert.Contains("requests_total{code=\"200\"} 800\n", _registry.ToText(), StringComparison.Ordinal);
        Assert.Contains("in_flight 0\n", _registry.ToText(), StringComparison.Ordinal);
    }

    private static string Text(MetricsAnswer answer) => System.Text.Encoding.UTF8.GetString(answer.Body.Span);
}
