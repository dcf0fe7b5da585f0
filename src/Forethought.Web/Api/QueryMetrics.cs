using Forethought.Client;
using Forethought.PromQL.Execution;

namespace Forethought.Web;

/// <summary>The metrics of the query engine, with upstream's names. Thread-safe.</summary>
public sealed class QueryMetrics
{
    private readonly Gauge _running;
    private readonly SummaryFamily _durations;
    private readonly HistogramFamily _histograms;
    private readonly Counter _samples;
    private readonly Counter _samplesRead;

    /// <summary>Registers the metrics.</summary>
    /// <param name="registry">Where to.</param>
    /// <param name="maxConcurrency">How many queries may run at a time.</param>
    public QueryMetrics(MetricRegistry registry, int maxConcurrency)
    {
        _running = registry.CreateGauge("prometheus_engine_queries", "The current number of queries being executed or waiting.");
        registry.CreateGauge("prometheus_engine_queries_concurrent_max", "The max number of concurrent queries.").Set(maxConcurrency);
        registry.CreateGauge("prometheus_engine_query_log_enabled", "State of the query log.");
        registry.CreateCounter("prometheus_engine_query_log_failures_total", "The number of query log failures.");
        _samples = registry.CreateCounter(
            "prometheus_engine_query_samples_total", "The total number of samples loaded by all queries (full window per step for range-vector).");
        _samplesRead = registry.CreateCounter(
            "prometheus_engine_query_samples_read_total",
            "The total number of samples read by all queries (only new points per step for range-vector).");
        _durations = registry.CreateSummaryFamily(
            "prometheus_engine_query_duration_seconds",
            "Query timings",
            ["slice"],
            new SummaryOptions { Objectives = [new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)] });
        _histograms = registry.CreateHistogramFamily(
            "prometheus_engine_query_duration_histogram_seconds",
            "The duration of various parts of PromQL query execution.",
            ["slice"],
            new HistogramOptions { Buckets = [.01, .1, 1, 10] });
        foreach (string slice in (string[])["queue_time", "prepare_time", "inner_eval", "result_sort"])
        {
            _durations.WithLabels(slice);
            _histograms.WithLabels(slice);
        }
    }

    /// <summary>Notes that a query waits or runs.</summary>
    internal void Begin() => _running.Inc();

    /// <summary>Notes that a query no longer runs.</summary>
    internal void End() => _running.Dec();

    /// <summary>Notes what a query cost.</summary>
    internal void Observe(QueryStatistics statistics)
    {
        Observe("queue_time", statistics.QueueTime);
        Observe("prepare_time", statistics.PreparationTime);
        Observe("inner_eval", statistics.InnerEvaluationTime);
        Observe("result_sort", statistics.ResultSortTime);
        _samples.Add(statistics.TotalSamples);
        _samplesRead.Add(statistics.SamplesRead);
    }

    private void Observe(string slice, TimeSpan duration)
    {
        _durations.WithLabels(slice).Observe(duration.TotalSeconds);
        _histograms.WithLabels(slice).Observe(duration.TotalSeconds);
    }
}
