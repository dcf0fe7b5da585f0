namespace Forethought.Scrape.Cache;

/// <summary>
/// What is remembered of a target from scrape to scrape: its lines in the order of the last scrape, and its metadata. Owned by one
/// scrape loop at a time; only <see cref="Metadata"/> is thread-safe.
/// </summary>
/// <remarks>
/// At rest 16 bytes a line and nothing else: the tables for finding lines that moved belong to the <see cref="CacheWalk"/>, which is
/// lent for a scrape. Lines too long for an entry are looked at anew each time; upstream's counts of new series then include them every
/// time.
/// </remarks>
internal sealed class ScrapeCache(MetadataCache metadata)
{
    private const int FlushSlack = 1000;

    /// <summary>The lines; more than <see cref="Count"/>.</summary>
    public CacheEntry[] Entries { get; private set; } = [];

    public int Count { get; private set; }

    public MetadataCache Metadata { get; } = metadata;

    /// <summary>Lines and families there were after the last successful scrape.</summary>
    public int SuccessfulCount { get; private set; }

    /// <summary>
    /// Whether failing scrapes have filled the cache with lines that never come again: then it is flushed although no scrape succeeded.
    /// </summary>
    public bool IsOverfull => Count + Metadata.Count > SuccessfulCount * 2 + FlushSlack;

    /// <summary>Forgets lines behind the first <paramref name="count"/>.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Replaces all lines.</summary>
    public void Replace(ReadOnlySpan<CacheEntry> entries)
    {
        // Kept tight, because it is kept for as long as the target is.
        if (Entries.Length < entries.Length || Entries.Length > 2 * entries.Length + 64)
            Entries = new CacheEntry[entries.Length + entries.Length / 16];
        entries.CopyTo(Entries);
        Count = entries.Length;
    }

    public void Succeeded() => SuccessfulCount = Count + Metadata.Count;
}
