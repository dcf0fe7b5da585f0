using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// The series of a block with their chunks as they are stored, to be written into another one. Chunks outside the range of times and
/// those deleted as a whole are left out; a chunk that <see cref="Excluded"/> touches still has its unwanted samples: whoever takes it
/// has to encode it anew.
/// </summary>
internal sealed class BlockChunkSource : IChunkSeriesSource
{
    private readonly Block _block;
    private readonly BlockSeriesReader _series;
    private readonly ChunkReader _chunks;
    private readonly PostingsPlace _postings;
    private int _next;
    private int _nextChunk;
    private bool _isDisposed;

    private BlockChunkSource(Block block, long minTimeMs, long maxTimeMs)
    {
        _block = block;
        _series = new BlockSeriesReader(block, minTimeMs, maxTimeMs);
        _chunks = new ChunkReader(block.Chunks);
        _postings = block.Index.Pairs.Find(default) is var all and >= 0 && block.Index.Pairs.TryFind(all, default, out long offset)
            ? block.Index.Locate(offset)
            : default;
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols => _block.Index.Symbols.All();

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => _series.PackedLabels;

    /// <summary>The times of the current series that are deleted or outside the range, ascending, as far as its chunks go.</summary>
    public ReadOnlySpan<TimeInterval> Excluded => _series.Excluded;

    /// <summary>Begins to read a block, which is leased until the source is disposed; null when it was closed.</summary>
    /// <param name="block">The block.</param>
    /// <param name="minTimeMs">The first time wanted.</param>
    /// <param name="maxTimeMs">The last time wanted, inclusive.</param>
    /// <exception cref="TsdbCorruptionException">The list of all series is damaged.</exception>
    public static BlockChunkSource? TryOpen(Block block, long minTimeMs, long maxTimeMs)
    {
        if (!block.TryLease())
            return null;
        try
        {
            return new BlockChunkSource(block, minTimeMs, maxTimeMs);
        }
        catch
        {
            block.Return();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool MoveNext()
    {
        while (_next < _postings.Count)
        {
            if (!_series.Read(_block.Index.Read(_postings)[_next++]))
                continue;
            _nextChunk = 0;
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool NextChunk(out SourceChunk chunk)
    {
        chunk = default;
        if (_nextChunk >= _series.Chunks.Count)
            return false;
        ChunkMeta meta = _series.Chunks[_nextChunk++];
        try
        {
            StoredChunk stored = _chunks.Read(meta.Reference);
            chunk = new SourceChunk(meta.MinTimeMs, meta.MaxTimeMs, stored.Encoding, stored.Bytes);
            return true;
        }
        catch (TsdbCorruptionException e)
        {
            throw e.While($"cannot populate chunk {meta.Reference} from block {_block.Meta.Ulid}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _chunks.Dispose();
        _block.Return();
    }
}
