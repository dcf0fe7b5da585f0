using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Compaction;

/// <summary>A source whose chunks are counted by size, number of samples and length of time as they go into their first block.</summary>
internal sealed class MeasuredChunkSource(IChunkSeriesSource source, CompactionMetrics metrics) : IChunkSeriesSource
{
    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols => source.Symbols;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => source.PackedLabels;

    /// <inheritdoc/>
    public bool MoveNext() => source.MoveNext();

    /// <inheritdoc/>
    public bool NextChunk(out SourceChunk chunk)
    {
        if (!source.NextChunk(out chunk))
            return false;
        metrics.ChunkSizeBytes.Observe(chunk.Bytes.Length);
        metrics.ChunkSamples.Observe(ChunkHeader.ReadSampleCount(chunk.Encoding, chunk.Bytes));
        // Upstream observes milliseconds under this name, with buckets for them; dashboards know it so.
        metrics.ChunkRangeSeconds.Observe(chunk.MaxTimeMs - chunk.MinTimeMs);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
