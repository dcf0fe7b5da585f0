namespace Forethought.Scrape.Cache;

/// <summary>What a cached line is.</summary>
internal enum CacheEntryKind
{
    /// <summary>Taken out of the cache, to be left out when it is put in order.</summary>
    Removed,

    /// <summary>A series that is stored.</summary>
    Series,

    /// <summary>A series that relabelling drops.</summary>
    Dropped,

    /// <summary>A metadata line or a comment.</summary>
    Line,
}
