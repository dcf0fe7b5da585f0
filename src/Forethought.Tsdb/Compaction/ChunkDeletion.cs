using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Takes deleted samples out of chunks. What is left of a chunk keeps its encoding and is not divided, but for histograms that no
/// longer fit each other. Of resets before its first sample nothing is known any more. Reused; not thread-safe.
/// </summary>
internal sealed class ChunkDeletion(NativeAllocator allocator) : IDisposable
{
    private readonly ChunkRows _rows = new();
    private readonly ChunkEncoder _encoder = new(allocator);

    /// <summary>The chunks that are left of the one that <see cref="Apply"/> divided.</summary>
    public int Count => _encoder.Finished.Length;

    /// <summary>One of them, valid until the next call of <see cref="Apply"/>.</summary>
    public SourceChunk this[int index]
    {
        get
        {
            EncodedChunk chunk = _encoder.Finished[index];
            return new SourceChunk(chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Encoding, _encoder.BytesOf(chunk));
        }
    }

    /// <summary>Takes out the samples within any of the intervals.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="deleted">The intervals, ascending and apart from each other.</param>
    /// <returns>Whether there were any; if not, the chunk stays as it is and nothing is to be had here.</returns>
    /// <exception cref="TsdbCorruptionException">The chunk is damaged.</exception>
    public bool Apply(SourceChunk chunk, ReadOnlySpan<TimeInterval> deleted)
    {
        _encoder.Start(ChunkEncoderRules.Keeping(chunk.Encoding));
        if (TimeIntervals.Cover(deleted, chunk.MinTimeMs, chunk.MaxTimeMs))
            return true;
        if (!TimeIntervals.Touch(deleted, chunk.MinTimeMs, chunk.MaxTimeMs))
            return false;
        _rows.Decode(chunk.Encoding, chunk.Bytes);
        int kept = 0;
        int next = 0;
        for (int row = 0; row < _rows.Count; row++)
        {
            long time = _rows.TimesMs[row];
            while (next < deleted.Length && deleted[next].MaxTimeMs < time)
                next++;
            if (next < deleted.Length && deleted[next].Contains(time))
                continue;
            _encoder.Append(_rows, row);
            kept++;
        }

        _encoder.Complete();
        return kept < _rows.Count;
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();
}
