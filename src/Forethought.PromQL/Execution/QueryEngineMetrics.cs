using Forethought.Client;

namespace Forethought.PromQL.Execution;

/// <summary>The engine's own metrics, under upstream's names.</summary>
internal sealed class QueryEngineMetrics : ICollector
{
    private readonly Gauge _queries = new("prometheus_engine_queries", "The current number of queries being executed or waiting.");
    private readonly Gauge _concurrentMax = new("prometheus_engine_queries_concurrent_max", "The max number of concurrent queries.");
    private readonly Gauge _logEnabled = new("prometheus_engine_query_log_enabled", "State of the query log.");
    private readonly Counter _logFailures = new("prometheus_engine_query_log_failures_total", "The number of query log failures.");
    private readonly Counter _samples = new(
        "prometheus_engine_query_samples_total", "The total number of samples loaded by all queries (full window per step for range-vector).");

    private readonly Counter _samplesRead = new(
        "prometheus_engine_query_samples_read_total",
        "The total number of samples read by all queries (only new points per step for range-vector).");

    private readonly SummaryFamily _durations;
    private readonly HistogramFamily _durationHistogram;
    private readonly ICollector[] _all;

    public QueryEngineMetrics(int maxConcurrency, TimeProvider time)
    {
        _concurrentMax.Set(maxConcurrency);
        _durations = new SummaryFamily("prometheus_engine_query_duration_seconds", "Query timings", ["slice"], new SummaryOptions
        {
            Objectives = [new QuantileObjective(0.5, 0.05), new QuantileObjective(0.9, 0.01), new QuantileObjective(0.99, 0.001)],
            TimeProvider = time,
        });
        _durationHistogram = new HistogramFamily(
            "prometheus_engine_query_duration_histogram_seconds", "The duration of various parts of PromQL query execution.", ["slice"],
            new HistogramOptions { Buckets = [0.01, 0.1, 1, 10] });
        _all = [_queries, _concurrentMax, _logEnabled, _logFailures, _samples, _samplesRead, _durations, _durationHistogram];
        Descriptors = [.. _all.SelectMany(static collector => collector.Descriptors)];
        foreach (string slice in (string[])["queue_time", "prepare_time", "inner_eval", "result_sort"])
        {
            _durations.WithLabels(slice);
            _durationHistogram.WithLabels(slice);
        }
    }

    public IReadOnlyList<MetricDescriptor> Descriptors { get; }

    public void Collect(MetricWriter writer)
    {
        foreach (ICollector collector in _all)
            collector.Collect(writer);
    }

    public void Began() => _queries.Inc();

    /// <summary>Counts what a query read, also when it failed.</summary>
    public void Ended(QueryStatistics? statistics)
    {
        _queries.Dec();
        _samples.Add(statistics?.TotalSamples ?? 0);
        _samplesRead.Add(statistics?.SamplesRead ?? 0);
    }

    /// <summary>Counts how long a query took that succeeded.</summary>
    public void Succeeded(QueryStatistics statistics)
    {
        Observe("queue_time", statistics.QueueTime);
        Observe("prepare_time", statistics.PreparationTime);
        Observe("inner_eval", statistics.InnerEvaluationTime);
        Observe("result_sort", statistics.ResultSortTime);
    }

    private void Observe(string slice, TimeSpan duration)
    {
        _durations.WithLabels(slice).Observe(duration.TotalSeconds);
        _durationHistogram.WithLabels(slice).Observe(duration.TotalSeconds);
    }
}
