namespace Forethought.Tsdb.Blocks;

/// <summary>What a block's <c>meta.json</c> says of it. Immutable.</summary>
public sealed record BlockMeta
{
    /// <summary>The block's identifier, which also names its directory.</summary>
    public required Ulid Ulid { get; init; }

    /// <summary>The first time that its samples may have, milliseconds, inclusive.</summary>
    public long MinTimeMs { get; init; }

    /// <summary>The end of its samples' times, milliseconds, exclusive.</summary>
    public long MaxTimeMs { get; init; }

    /// <summary>How much is in it.</summary>
    public BlockStats Stats { get; init; } = new();

    /// <summary>How it came to be.</summary>
    public BlockCompaction Compaction { get; init; } = new();

    /// <summary>The block's description as UTF-8 JSON, in one line.</summary>
    public byte[] ToJson() => BlockMetaFile.Format(this, isIndented: false);

    /// <summary>Whether it may hold samples with minTimeMs ≤ t ≤ maxTimeMs.</summary>
    public bool Overlaps(long minTimeMs, long maxTimeMs) => MinTimeMs <= maxTimeMs && minTimeMs < MaxTimeMs;
}
