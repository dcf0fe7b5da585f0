using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>The series of several blocks as one: those with equal labels with the chunks of all, without what was deleted.</summary>
internal sealed class MergedChunkSource : IChunkSeriesSource
{
    private readonly BlockChunkSource[] _sources;
    private readonly ChunkMerge _merge;

    // The sources that stand on the current series, and those that have series left, in the order of the blocks.
    private readonly List<BlockChunkSource> _current = [];
    private readonly List<BlockChunkSource> _left;
    private bool _isBegun;

    /// <summary>Merges blocks.</summary>
    /// <param name="sources">One of each block, oldest first; owned from here on.</param>
    /// <param name="merge">Merges the chunks of a series; owned as well.</param>
    public MergedChunkSource(IEnumerable<BlockChunkSource> sources, ChunkMerge merge)
    {
        _sources = [.. sources];
        _merge = merge;
        _left = [.. _sources];
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols => MergedSymbols.Of(_sources.Select(source => source.Symbols));

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => _current[0].PackedLabels;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        _left.RemoveAll(source => (!_isBegun || _current.Contains(source)) && !source.MoveNext());
        _isBegun = true;
        _current.Clear();
        foreach (BlockChunkSource source in _left)
        {
            int order = _current.Count == 0 ? 0 : Model.PackedLabels.Compare(source.PackedLabels, _current[0].PackedLabels);
            if (order < 0)
                _current.Clear();
            if (order <= 0)
                _current.Add(source);
        }

        _merge.Start();
        foreach (BlockChunkSource source in _current)
            _merge.Add(source, source.Excluded);
        return _current.Count > 0;
    }

    /// <inheritdoc/>
    public bool NextChunk(out SourceChunk chunk) => _merge.Next(out chunk);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BlockChunkSource source in _sources)
            source.Dispose();
        _merge.Dispose();
    }
}
