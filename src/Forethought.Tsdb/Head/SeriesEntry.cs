namespace Forethought.Tsdb.Head;

/// <summary>What appending does not touch of a series: identity, labels, full chunks. Plain data in native memory.</summary>
internal unsafe struct SeriesEntry
{
    /// <summary>Numbers of the label pairs, in order of name. Written once, before the series can be found.</summary>
    public uint* Pairs;

    /// <summary>The series' reference. Written once.</summary>
    public ulong Reference;

    /// <summary>Time of the open chunk's first sample; under the shard lock.</summary>
    public long OpenMinTimeMs;

    public int PairCount;

    /// <summary>The newest full chunk, 0 for none; under the shard lock.</summary>
    public uint Sealed;

    /// <summary>Runs of samples of earlier transactions that some reader must not see, 0 for none; under the shard lock.</summary>
    public int EarlierRuns;

    public readonly ReadOnlySpan<uint> PairSpan => new(Pairs, PairCount);
}
