using Forethought.Scrape.Clock;
using Forethought.Scrape.Samples;
using Forethought.Storage;

namespace Forethought.Scrape;

/// <summary>What all scrape loops of a server share.</summary>
internal sealed class ScrapeServices(
    IAppendable storage, ScrapeOptions options, ScrapeMetrics metrics, ScrapeClock clock, ulong hashSeed, CancellationToken shutdown)
    : IDisposable
{
    private FailureLogs _failureLogs = new([]);

    public IAppendable Storage { get; } = storage;

    public ScrapeOptions Options { get; } = options;

    public TimeProvider Time => Options.TimeProvider;

    public ScrapeMetrics Metrics { get; } = metrics;

    public ScrapeClock Clock { get; } = clock;

    public IngestPool Ingests { get; } = new(hashSeed, metrics);

    /// <summary>Cancelled when the server stops: from then on nothing is written, stale markers least of all.</summary>
    public CancellationToken Shutdown { get; } = shutdown;

    /// <summary>Where failed requests are noted.</summary>
    public FailureLogs FailureLogs => Volatile.Read(ref _failureLogs);

    /// <summary>Replaces the files of failed requests and closes the old ones.</summary>
    public void Use(FailureLogs failureLogs) => Interlocked.Exchange(ref _failureLogs, failureLogs).Dispose();

    public void Dispose() => _failureLogs.Dispose();

    public void Notify(ScrapeNotice notice) => Options.Notice?.Invoke(notice);
}
