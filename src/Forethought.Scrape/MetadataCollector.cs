using Forethought.Client;

namespace Forethought.Scrape;

/// <summary>Measures the metadata caches when metrics are asked for.</summary>
/// <param name="measure">The families and bytes of each job.</param>
internal sealed class MetadataCollector(Func<IEnumerable<(string Job, int Families, int Bytes)>> measure) : ICollector
{
    private static readonly MetricDescriptor Entries = new(
        "prometheus_target_metadata_cache_entries", "Total number of metric metadata entries in the cache",
        MetricType.Gauge, ["scrape_job"]);

    private static readonly MetricDescriptor Size = new(
        "prometheus_target_metadata_cache_bytes", "The number of bytes that are currently used for storing metric metadata in the cache",
        MetricType.Gauge, ["scrape_job"]);

    public IReadOnlyList<MetricDescriptor> Descriptors { get; } = [Entries, Size];

    public void Collect(MetricWriter writer)
    {
        foreach ((string job, int families, int bytes) in measure())
        {
            writer.Write(Entries, families, job);
            writer.Write(Size, bytes, job);
        }
    }
}
