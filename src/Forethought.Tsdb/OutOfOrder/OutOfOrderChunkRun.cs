using Forethought.Tsdb.Compaction;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>Chunks of one series that follow one another without overlap, for <see cref="ChunkMerge"/>, which asks for chunks only.</summary>
internal sealed class OutOfOrderChunkRun : IChunkSeriesSource
{
    private readonly List<OutOfOrderChunk> _chunks = [];
    private int _next;

    /// <summary>The last chunk's last time.</summary>
    public long MaxTimeMs => _chunks[^1].MaxTimeMs;

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols => [];

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => [];

    /// <summary>Adds a chunk behind the others.</summary>
    public void Add(OutOfOrderChunk chunk) => _chunks.Add(chunk);

    /// <inheritdoc/>
    public bool MoveNext() => false;

    /// <inheritdoc/>
    public bool NextChunk(out SourceChunk chunk)
    {
        if (_next == _chunks.Count)
        {
            chunk = default;
            return false;
        }

        OutOfOrderChunk next = _chunks[_next++];
        chunk = new SourceChunk(next.MinTimeMs, next.MaxTimeMs, next.Encoding, next.Bytes);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _next = _chunks.Count;
}
