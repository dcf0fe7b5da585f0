using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Walks series of a block and picks the chunks that have something in a range of times and are not deleted as a whole. Of the
/// chunks that are left, times outside the range and deleted ones are in <see cref="Excluded"/>. For one thread.
/// </summary>
/// <param name="block">The block, leased by the caller.</param>
/// <param name="minTimeMs">The first time wanted.</param>
/// <param name="maxTimeMs">The last time wanted, inclusive.</param>
internal sealed class BlockSeriesReader(Block block, long minTimeMs, long maxTimeMs)
{
    private readonly TombstoneSet _tombstones = block.Tombstones;
    private readonly BlockSeries _series = new();
    private readonly TimeIntervals _excluded = new();

    /// <summary>The packed labels of the current series, until the next is read.</summary>
    public ReadOnlySpan<byte> PackedLabels => _series.PackedLabels;

    /// <summary>The chunks picked, in order of time.</summary>
    public List<ChunkMeta> Chunks { get; } = [];

    /// <summary>Times that are not wanted though picked chunks may have samples of them.</summary>
    public ReadOnlySpan<TimeInterval> Excluded => _excluded.Span;

    /// <summary>Reads a series; false when no chunk of it is left.</summary>
    /// <exception cref="TsdbCorruptionException">There is no such series, or it is damaged.</exception>
    public bool Read(uint reference)
    {
        try
        {
            block.Index.ReadSeries(reference, _series, minTimeMs, maxTimeMs);
        }
        catch (TsdbCorruptionException e)
        {
            throw e.While($"get series {reference}: block: {block.Meta.Ulid}");
        }

        Pick(_tombstones[reference]);
        return Chunks.Count > 0;
    }

    private void Pick(ReadOnlySpan<TimeInterval> deleted)
    {
        Chunks.Clear();
        _excluded.Clear();
        bool isCutBefore = false;
        bool isCutBehind = false;
        foreach (ChunkMeta chunk in _series.Chunks)
        {
            if (TimeIntervals.Cover(deleted, chunk.MinTimeMs, chunk.MaxTimeMs))
                continue;
            Chunks.Add(chunk);
            isCutBefore |= chunk.MinTimeMs < minTimeMs;
            isCutBehind |= chunk.MaxTimeMs > maxTimeMs;
        }

        _excluded.AddRange(deleted);
        if (isCutBefore)
            _excluded.Add(new TimeInterval(long.MinValue, minTimeMs - 1));
        if (isCutBehind)
            _excluded.Add(new TimeInterval(maxTimeMs + 1, long.MaxValue));
    }
}
