using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Scrape.Samples;

/// <summary>
/// The series that report on a target's scrapes themselves: <c>up</c> and its companions. Their labels bypass metric relabelling and
/// limits. Owned by one scrape loop.
/// </summary>
internal sealed class ReportSeries(Labels target, bool withExtras)
{
    private const int BasicCount = 5;

    private static readonly string[] Names =
    [
        "up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added",
        "scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes",
    ];

    private readonly SeriesRef[] _series = new SeriesRef[withExtras ? Names.Length : BasicCount];

    /// <summary>Fills a batch with the report of one scrape.</summary>
    public void Fill(AppendBatch batch, IAppender appender, long timeMs, in ScrapeReport report)
    {
        batch.Clear();
        ReadOnlySpan<double> values =
        [
            report.IsUp ? 1 : 0, report.Duration.TotalSeconds, report.Counts.Scraped, report.Counts.Kept, report.Counts.SeriesAdded,
            report.Timeout.TotalSeconds, report.SampleLimit, report.BodyBytes,
        ];
        for (int i = 0; i < _series.Length; i++)
            batch.Add(Find(i, appender), timeMs, values[i]);
    }

    /// <summary>Fills a batch with stale markers for all report series.</summary>
    public void FillStale(AppendBatch batch, IAppender appender, long timeMs)
    {
        batch.Clear();
        for (int i = 0; i < _series.Length; i++)
            batch.Add(Find(i, appender), timeMs, StaleMarker.Value);
        batch.DiscardOutOfOrder = true;
    }

    private SeriesRef Find(int index, IAppender appender)
    {
        if (_series[index].IsNone || !appender.IsKnown(_series[index]))
        {
            var labels = new LabelsBuilder();
            labels.Reset(target);
            labels.Set(LabelNames.MetricName, System.Text.Encoding.UTF8.GetBytes(Names[index]));
            ReadOnlySpan<byte> packed = labels.Pack();
            _series[index] = appender.GetOrCreate(packed, Encoding.XxHash64.Compute(packed), out _);
        }

        return _series[index];
    }
}
