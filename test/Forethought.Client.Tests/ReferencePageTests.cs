namespace Forethought.Client.Tests;

/// <summary>Parts of the <c>/metrics</c> page of Prometheus 3.5.3, made again with the same metrics and values.</summary>
public sealed class ReferencePageTests
{
    private const string Page =
        """
        # HELP net_conntrack_dialer_conn_attempted_total Total number of connections attempted by the given dialer a given name.
        # TYPE net_conntrack_dialer_conn_attempted_total counter
        net_conntrack_dialer_conn_attempted_total{dialer_name="default"} 0
        # HELP prometheus_build_info A metric with a constant '1' value labeled by version, revision, branch, goversion from which prometheus was built, and the goos and goarch for the build.
        # TYPE prometheus_build_info gauge
        prometheus_build_info{branch="debian/sid",goarch="amd64",goos="linux",goversion="go1.27.1",revision="3.5.3+ds1-6",tags="unknown",version="3.5.3+ds1"} 1
        # HELP prometheus_config_last_reload_success_timestamp_seconds Timestamp of the last successful configuration reload.
        # TYPE prometheus_config_last_reload_success_timestamp_seconds gauge
        prometheus_config_last_reload_success_timestamp_seconds 1.7951805705769796e+09
        # HELP prometheus_engine_query_duration_seconds Query timings
        # TYPE prometheus_engine_query_duration_seconds summary
        prometheus_engine_query_duration_seconds{slice="inner_eval",quantile="0.5"} NaN
        prometheus_engine_query_duration_seconds{slice="inner_eval",quantile="0.9"} NaN
        prometheus_engine_query_duration_seconds{slice="inner_eval",quantile="0.99"} NaN
        prometheus_engine_query_duration_seconds_sum{slice="inner_eval"} 0
        prometheus_engine_query_duration_seconds_count{slice="inner_eval"} 0
        prometheus_engine_query_duration_seconds{slice="queue_time",quantile="0.5"} NaN
        prometheus_engine_query_duration_seconds{slice="queue_time",quantile="0.9"} NaN
        prometheus_engine_query_duration_seconds{slice="queue_time",quantile="0.99"} NaN
        prometheus_engine_query_duration_seconds_sum{slice="queue_time"} 0
        prometheus_engine_query_duration_seconds_count{slice="queue_time"} 0
        # HELP prometheus_http_response_size_bytes Histogram of response size for HTTP requests.
        # TYPE prometheus_http_response_size_bytes histogram
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="100"} 1
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="1000"} 1
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="10000"} 1
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="100000"} 1
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="1e+06"} 1
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="1e+07"} 1
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="1e+08"} 1
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="1e+09"} 1
        prometheus_http_response_size_bytes_bucket{handler="/-/ready",le="+Inf"} 1
        prometheus_http_response_size_bytes_sum{handler="/-/ready"} 28
        prometheus_http_response_size_bytes_count{handler="/-/ready"} 1
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="100"} 0
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="1000"} 0
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="10000"} 0
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="100000"} 17
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="1e+06"} 17
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="1e+07"} 17
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="1e+08"} 17
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="1e+09"} 17
        prometheus_http_response_size_bytes_bucket{handler="/metrics",le="+Inf"} 17
        prometheus_http_response_size_bytes_sum{handler="/metrics"} 1.040405e+06
        prometheus_http_response_size_bytes_count{handler="/metrics"} 17
        # HELP prometheus_tsdb_compaction_chunk_range_seconds Final time range of chunks on their first compaction
        # TYPE prometheus_tsdb_compaction_chunk_range_seconds histogram
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="100"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="400"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="1600"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="6400"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="25600"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="102400"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="409600"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="1.6384e+06"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="6.5536e+06"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="2.62144e+07"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_bucket{le="+Inf"} 0
        prometheus_tsdb_compaction_chunk_range_seconds_sum 0
        prometheus_tsdb_compaction_chunk_range_seconds_count 0
        # HELP prometheus_tsdb_head_max_time Maximum timestamp of the head block. The unit is decided by the library consumer.
        # TYPE prometheus_tsdb_head_max_time gauge
        prometheus_tsdb_head_max_time -9.223372036854776e+18
        # HELP prometheus_tsdb_head_max_time_seconds Maximum timestamp of the head block.
        # TYPE prometheus_tsdb_head_max_time_seconds gauge
        prometheus_tsdb_head_max_time_seconds -9.223372036854776e+15

        """;

    [Fact]
    public void Makes_the_same_page_from_the_same_metrics()
    {
        var registry = new MetricRegistry();
        registry.CreateGaugeFunc(
            "prometheus_tsdb_head_max_time",
            "Maximum timestamp of the head block. The unit is decided by the library consumer.",
            () => long.MinValue);
        registry.CreateGaugeFunc(
            "prometheus_tsdb_head_max_time_seconds", "Maximum timestamp of the head block.", () => long.MinValue / 1000.0);
        registry.CreateHistogram(
            "prometheus_tsdb_compaction_chunk_range_seconds",
            "Final time range of chunks on their first compaction",
            new HistogramOptions { Buckets = HistogramBuckets.Exponential(100, 4, 10) });
        CreateResponseSizes(registry);
        CreateQueryDurations(registry);
        registry.CreateGauge(
            "prometheus_config_last_reload_success_timestamp_seconds", "Timestamp of the last successful configuration reload.")
            .Set(1795180570.5769796);
        CreateBuildInfo(registry);
        registry.CreateCounterFamily(
            "net_conntrack_dialer_conn_attempted_total",
            "Total number of connections attempted by the given dialer a given name.",
            ["dialer_name"]).WithLabels("default");

        Assert.Equal(Page, registry.ToText());
    }

    private static void CreateResponseSizes(MetricRegistry registry)
    {
        HistogramFamily sizes = registry.CreateHistogramFamily(
            "prometheus_http_response_size_bytes",
            "Histogram of response size for HTTP requests.",
            ["handler"],
            new HistogramOptions { Buckets = HistogramBuckets.Exponential(100, 10, 8) });
        for (int i = 0; i < 16; i++)
            sizes.WithLabels("/metrics").Observe(61_200);
        sizes.WithLabels("/metrics").Observe(1_040_405 - (16 * 61_200));
        sizes.WithLabels("/-/ready").Observe(28);
    }

    private static void CreateQueryDurations(MetricRegistry registry)
    {
        SummaryFamily durations = registry.CreateSummaryFamily(
            "prometheus_engine_query_duration_seconds",
            "Query timings",
            ["slice"],
            new SummaryOptions { Objectives = [new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)] });
        durations.WithLabels("queue_time");
        durations.WithLabels("inner_eval");
    }

    private static void CreateBuildInfo(MetricRegistry registry) =>
        registry.CreateGaugeFunc(
            "prometheus_build_info",
            "A metric with a constant '1' value labeled by version, revision, branch, goversion from which prometheus was built, "
            + "and the goos and goarch for the build.",
            () => 1,
            new MetricOptions
            {
                ConstantLabels = new Dictionary<string, string>
                {
                    ["version"] = "3.5.3+ds1",
                    ["revision"] = "3.5.3+ds1-6",
                    ["branch"] = "debian/sid",
                    ["goversion"] = "go1.27.1",
                    ["goos"] = "linux",
                    ["goarch"] = "amd64",
                    ["tags"] = "unknown",
                },
            });
}
