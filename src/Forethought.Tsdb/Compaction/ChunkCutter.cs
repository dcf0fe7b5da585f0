using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Compaction;

/// <summary>Writes a chunk anew without the samples that a block is not to have. Reused; not thread-safe.</summary>
internal sealed class ChunkCutter : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly ChunkEncoder _encoder;
    private readonly ChunkRows _rows = new();
    private int _taken;

    /// <summary>Makes a cutter without chunks.</summary>
    public ChunkCutter() => _encoder = new ChunkEncoder(_allocator);

    /// <summary>Cuts a chunk; what was not taken of the one before is forgotten.</summary>
    /// <param name="encoding">The chunk's encoding.</param>
    /// <param name="bytes">The chunk from its sample count on.</param>
    /// <param name="hiddenSamples">Samples at its end that are left out.</param>
    /// <param name="minTimeMs">The first time kept.</param>
    /// <param name="maxTimeMs">The last time kept.</param>
    /// <param name="deleted">Times that are left out, ascending.</param>
    /// <exception cref="TsdbCorruptionException">The bytes are no chunk of that encoding.</exception>
    public void Cut(
        ChunkEncoding encoding,
        ReadOnlySpan<byte> bytes,
        int hiddenSamples,
        long minTimeMs,
        long maxTimeMs,
        ReadOnlySpan<TimeInterval> deleted)
    {
        Clear();
        _encoder.Start(ChunkEncoderRules.Keeping(encoding));
        _rows.Decode(encoding, bytes);
        for (int row = 0; row < _rows.Count - hiddenSamples; row++)
        {
            long time = _rows.TimesMs[row];
            if (time >= minTimeMs && time <= maxTimeMs && !TimeIntervals.Touch(deleted, time, time))
                _encoder.Append(_rows, row);
        }

        _encoder.Complete();
    }

    /// <summary>Takes the next chunk that the cut left, valid until the next cut; false when there is none.</summary>
    public bool TryTake(out SourceChunk chunk)
    {
        if (_taken == _encoder.Finished.Length)
        {
            chunk = default;
            return false;
        }

        EncodedChunk finished = _encoder.Finished[_taken++];
        chunk = new SourceChunk(finished.MinTimeMs, finished.MaxTimeMs, finished.Encoding, _encoder.BytesOf(finished));
        return true;
    }

    /// <summary>Forgets what was not taken.</summary>
    public void Clear()
    {
        _taken = 0;
        _encoder.Start(ChunkEncoderRules.Keeping(ChunkEncoding.Xor));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _allocator.AssertNothingOutstanding();
    }
}
