using Forethought.Client;

namespace Forethought.Scrape;

/// <summary>The metrics of scraping, under upstream's names (scrape/metrics.go).</summary>
internal sealed class ScrapeMetrics
{
    private static readonly QuantileObjective[] Objectives =
        [new(0.01, 0.001), new(0.05, 0.005), new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)];
    private static readonly double[] Buckets = [0.01, 0.1, 1, 10];

    public ScrapeMetrics(MetricRegistry registry, TimeProvider time)
    {
        var summaries = new SummaryOptions { Objectives = Objectives, TimeProvider = time };
        var histograms = new HistogramOptions { Buckets = Buckets, TimeProvider = time };
        Pools = registry.CreateCounter("prometheus_target_scrape_pools_total", "Total number of scrape pool creation attempts.");
        PoolsFailed = registry.CreateCounter(
            "prometheus_target_scrape_pools_failed_total",
            "Total number of scrape pool creations that failed.");
        ReloadLength = registry.CreateSummaryFamily(
            "prometheus_target_reload_length_seconds",
            "Actual interval to reload the scrape pool with a given configuration.", ["interval"], summaries);
        PoolReloads = registry.CreateCounter("prometheus_target_scrape_pool_reloads_total", "Total number of scrape pool reloads.");
        PoolReloadsFailed = registry.CreateCounter(
            "prometheus_target_scrape_pool_reloads_failed_total", "Total number of failed scrape pool reloads.");
        ExceededTargetLimit = registry.CreateCounter(
            "prometheus_target_scrape_pool_exceeded_target_limit_total",
            "Total number of times scrape pools hit the target limit, during sync or config reload.");
        TargetLimit = registry.CreateGaugeFamily(
            "prometheus_target_scrape_pool_target_limit", "Maximum number of targets allowed in this scrape pool.", ["scrape_job"]);
        PoolTargets = registry.CreateGaugeFamily(
            "prometheus_target_scrape_pool_targets", "Current number of targets in this scrape pool.", ["scrape_job"]);
        SymbolTableItems = registry.CreateGaugeFamily(
            "prometheus_target_scrape_pool_symboltable_items",
            "Current number of symbols in table for this scrape pool.", ["scrape_job"]);
        PoolSyncs = registry.CreateCounterFamily(
            "prometheus_target_scrape_pool_sync_total", "Total number of syncs that were executed on a scrape pool.", ["scrape_job"]);
        SyncLength = registry.CreateSummaryFamily(
            "prometheus_target_sync_length_seconds", "Actual interval to sync the scrape pool.", ["scrape_job"], summaries);
        SyncLengthHistogram = registry.CreateHistogramFamily(
            "prometheus_target_sync_length_histogram_seconds", "Actual interval to sync the scrape pool.", ["scrape_job"], histograms);
        SyncFailed = registry.CreateCounterFamily(
            "prometheus_target_sync_failed_total",
            "Total number of target sync failures.", ["scrape_job"]);
        ExceededBodySizeLimit = registry.CreateCounter(
            "prometheus_target_scrapes_exceeded_body_size_limit_total", "Total number of scrapes that hit the body size limit");
        CacheFlushesForced = registry.CreateCounter(
            "prometheus_target_scrapes_cache_flush_forced_total",
            "How many times a scrape cache was flushed due to getting big while scrapes are failing.");
        IntervalLength = registry.CreateSummaryFamily(
            "prometheus_target_interval_length_seconds", "Actual intervals between scrapes.", ["interval"], summaries);
        IntervalLengthHistogram = registry.CreateHistogramFamily(
            "prometheus_target_interval_length_histogram_seconds", "Actual intervals between scrapes.", ["interval"], histograms);
        ExceededSampleLimit = registry.CreateCounter(
            "prometheus_target_scrapes_exceeded_sample_limit_total",
            "Total number of scrapes that hit the sample limit and were rejected.");
        SamplesDuplicate = registry.CreateCounter(
            "prometheus_target_scrapes_sample_duplicate_timestamp_total",
            "Total number of samples rejected due to duplicate timestamps but different values.");
        SamplesOutOfOrder = registry.CreateCounter(
            "prometheus_target_scrapes_sample_out_of_order_total",
            "Total number of samples rejected due to not being out of the expected order.");
        SamplesOutOfBounds = registry.CreateCounter(
            "prometheus_target_scrapes_sample_out_of_bounds_total",
            "Total number of samples rejected due to timestamp falling outside of the time bounds.");
        ExceededLabelLimits = registry.CreateCounter(
            "prometheus_target_scrape_pool_exceeded_label_limits_total",
            "Total number of times scrape pools hit the label limits, during sync or config reload.");
        registry.CreateCounter(
            "prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total",
            "Total number of scrapes that hit the native histogram bucket limit and were rejected.");
        ExemplarsOutOfOrder = registry.CreateCounter(
            "prometheus_target_scrapes_exemplar_out_of_order_total",
            "Total number of exemplar rejected due to not being out of the expected order.");
        ScrapeDuration = registry.CreateHistogram(
            "prometheus_target_scrape_duration_seconds",
            "Total duration of the scrape from start to commit completion in seconds.",
            new HistogramOptions { Buckets = [], TimeProvider = time });
    }

    public Counter Pools { get; }

    public Counter PoolsFailed { get; }

    public SummaryFamily ReloadLength { get; }

    public Counter PoolReloads { get; }

    public Counter PoolReloadsFailed { get; }

    public Counter ExceededTargetLimit { get; }

    public GaugeFamily TargetLimit { get; }

    public GaugeFamily PoolTargets { get; }

    public GaugeFamily SymbolTableItems { get; }

    public CounterFamily PoolSyncs { get; }

    public SummaryFamily SyncLength { get; }

    public HistogramFamily SyncLengthHistogram { get; }

    public CounterFamily SyncFailed { get; }

    public Counter ExceededBodySizeLimit { get; }

    public Counter CacheFlushesForced { get; }

    public SummaryFamily IntervalLength { get; }

    public HistogramFamily IntervalLengthHistogram { get; }

    public Counter ExceededSampleLimit { get; }

    public Counter SamplesDuplicate { get; }

    public Counter SamplesOutOfOrder { get; }

    public Counter ExemplarsOutOfOrder { get; }

    public Counter SamplesOutOfBounds { get; }

    public Counter ExceededLabelLimits { get; }

    public Histogram ScrapeDuration { get; }

    /// <summary>Takes away what was counted for a job that is no more.</summary>
    public void Forget(string job)
    {
        PoolSyncs.Remove(job);
        TargetLimit.Remove(job);
        PoolTargets.Remove(job);
        SymbolTableItems.Remove(job);
        SyncLength.Remove(job);
        SyncLengthHistogram.Remove(job);
        SyncFailed.Remove(job);
    }
}
