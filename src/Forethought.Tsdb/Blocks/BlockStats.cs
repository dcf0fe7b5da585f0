namespace Forethought.Tsdb.Blocks;

/// <summary>How much is in a block. Immutable.</summary>
public sealed record BlockStats
{
    /// <summary>Samples of all kinds.</summary>
    public ulong Samples { get; init; }

    /// <summary>Float samples; 0 in blocks that were written before they were counted apart.</summary>
    public ulong FloatSamples { get; init; }

    /// <summary>Native histograms; 0 in blocks that were written before they were counted apart.</summary>
    public ulong HistogramSamples { get; init; }

    /// <summary>Series.</summary>
    public ulong Series { get; init; }

    /// <summary>Chunks.</summary>
    public ulong Chunks { get; init; }

    /// <summary>Deleted intervals, of all series together.</summary>
    public ulong Tombstones { get; init; }
}
