namespace Forethought.Tsdb.Memory;

/// <summary>What native memory is for; <see cref="NativeAllocator"/> accounts bytes by it.</summary>
internal enum MemoryPurpose
{
    /// <summary>Fixed-size state of series in the head.</summary>
    SeriesState,

    /// <summary>Bytes of label names and values and of interned pairs.</summary>
    Symbols,

    /// <summary>Pair numbers of each series.</summary>
    SeriesLabels,

    /// <summary>Hash tables and reference-to-slot pages.</summary>
    SeriesTables,

    /// <summary>The inverted index.</summary>
    Postings,

    /// <summary>Blocks of open float chunks.</summary>
    OpenChunks,

    /// <summary>State of open histogram chunks.</summary>
    OpenHistograms,

    /// <summary>Bytes of full chunks that stay in memory.</summary>
    SealedChunks,

    /// <summary>Scrape caches.</summary>
    ScrapeCache,

    /// <summary>Buffers of the log.</summary>
    Wal,

    /// <summary>Labels of exemplars and of their series.</summary>
    Exemplars,
}
