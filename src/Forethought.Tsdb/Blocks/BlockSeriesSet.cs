using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Blocks;

/// <summary>The series that a query selected in a block, in order of their labels. Valid until its querier is disposed.</summary>
internal sealed class BlockSeriesSet : ISeriesSet
{
    // Samples that one Read brings at least, as far as there are any: few calls, but no endless batch.
    private const int ReadTarget = 4096;

    private readonly Block _block;
    private readonly uint[] _references;
    private readonly BlockSeriesReader _series;
    private readonly ChunkReader _chunks;
    private readonly int _limit;
    private readonly bool _isLabelsOnly;
    private int _next;
    private int _nextChunk;
    private int _yielded;

    /// <param name="block">The block, leased by the querier.</param>
    /// <param name="references">The series, ascending.</param>
    /// <param name="hints">What the query wants of them.</param>
    /// <param name="minTimeMs">The first time wanted.</param>
    /// <param name="maxTimeMs">The last time wanted, inclusive.</param>
    public BlockSeriesSet(Block block, uint[] references, SelectHints hints, long minTimeMs, long maxTimeMs)
    {
        _block = block;
        _references = references;
        _series = new BlockSeriesReader(block, minTimeMs, maxTimeMs);
        _chunks = new ChunkReader(block.Chunks);
        _limit = hints.Limit > 0 ? hints.Limit : int.MaxValue;
        _isLabelsOnly = hints.LabelsOnly;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => _series.PackedLabels;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [];

    /// <inheritdoc/>
    public bool MoveNext()
    {
        while (_next < _references.Length && _yielded < _limit)
        {
            if (!_series.Read(_references[_next++]))
                continue;
            _nextChunk = 0;
            _yielded++;
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Read(SampleBatch batch)
    {
        int before = batch.Count;
        while (!_isLabelsOnly && _nextChunk < _series.Chunks.Count && batch.Count - before < ReadTarget)
            Decode(_series.Chunks[_nextChunk++], batch);
        return batch.Count > before;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _next = _references.Length;
        _nextChunk = int.MaxValue;
        _chunks.Dispose();
    }

    private void Decode(ChunkMeta chunk, SampleBatch batch)
    {
        try
        {
            StoredChunk stored = _chunks.Read(chunk.Reference);
            ExcludedTimes.Decode(stored, _series.Excluded, batch);
        }
        catch (TsdbCorruptionException e) when (e.File.Length == 0)
        {
            throw e.Locate(_block.Chunks.PathOf((int)(chunk.Reference >> 32)), (uint)chunk.Reference, Populating(chunk));
        }
        catch (TsdbCorruptionException e)
        {
            throw e.While(Populating(chunk));
        }
    }

    private string Populating(ChunkMeta chunk) => $"cannot populate chunk {chunk.Reference} from block {_block.Meta.Ulid}";
}
