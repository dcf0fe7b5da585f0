namespace Forethought.Scrape.Samples;

/// <summary>What one scrape brought; the figures of its report series.</summary>
internal struct ScrapeCounts
{
    /// <summary>Samples exposed.</summary>
    public int Scraped;

    /// <summary>Samples left after relabelling, refused ones included.</summary>
    public int Kept;

    /// <summary>Series that were not in the cache.</summary>
    public int SeriesAdded;

    public int OutOfOrder;

    public int Duplicates;

    public int OutOfBounds;

    public int ExemplarsOutOfOrder;
}
