using Forethought.Client;
using Forethought.Configuration;
using Forethought.Model;
using Forethought.Scrape.Cache;
using Forethought.Scrape.Samples;
using Forethought.Storage;
using ExpositionFormat = Forethought.Exposition.ExpositionFormat;

namespace Forethought.Scrape.Tests;

/// <summary>A target without network and clock: expositions are handed in, one a second.</summary>
internal sealed class Ingested
{
    private readonly ScrapeIngest _ingest;

    public Ingested(ScrapeConfiguration? job = null, MemoryStorage? storage = null, Labels? target = null, ulong hashSeed = 1, bool passesMetadata = false)
    {
        Storage = storage ?? new MemoryStorage();
        Metrics = new ScrapeMetrics(Registry, TimeProvider.System);
        _ingest = new ScrapeIngest(hashSeed, Metrics);
        Context = new IngestContext(
            new ScrapeCache(new MetadataCache([])),
            target ?? Labels.Empty,
            new SampleRules(job ?? new ScrapeConfiguration()) { PassesMetadata = passesMetadata },
            Storage);
    }

    public MemoryStorage Storage { get; }

    public MetricRegistry Registry { get; } = new();

    public ScrapeMetrics Metrics { get; }

    public IngestContext Context { get; }

    public ScrapeCounts Counts => _ingest.Counts;

    public long TimeMs { get; set; } = 1_000_000;

    /// <summary>Takes an exposition in, a second later than the last, and returns why it was refused.</summary>
    public string? Scrape(string text, ExpositionFormat format = ExpositionFormat.Text) =>
        Scrape(Body(text, format), format);

    public string? Scrape(byte[] body, ExpositionFormat format = ExpositionFormat.Text)
    {
        TimeMs += 1000;
        IAppender appender = Storage.OpenAppender();
        string? error = _ingest.Append(Context, ref appender, body, format, TimeMs, TimeMs);
        appender.CommitAsync().AsTask().GetAwaiter().GetResult();
        appender.Dispose();
        return error;
    }

    public static byte[] Body(string text, ExpositionFormat format = ExpositionFormat.Text) => text.Length == 0
        ? []
        : System.Text.Encoding.UTF8.GetBytes(format == ExpositionFormat.Text ? text + "\n" : text);
}
