using System.Collections.Concurrent;

namespace Forethought.Scrape.Samples;

/// <summary>Lends the buffers of scrapes; few are kept, because few scrapes are parsed at a time. Thread-safe.</summary>
internal sealed class IngestPool(ulong hashSeed, ScrapeMetrics metrics)
{
    private readonly ConcurrentBag<ScrapeIngest> _free = [];

    public ScrapeIngest Rent() => _free.TryTake(out ScrapeIngest? ingest) ? ingest : new ScrapeIngest(hashSeed, metrics);

    public void Return(ScrapeIngest ingest)
    {
        if (_free.Count < Environment.ProcessorCount)
            _free.Add(ingest);
    }
}
