using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Joins neighbouring chunks of floats of one encoding while they are small, so that a block that was made of many short ones has
/// fewer, and those of the XOR encoding are packed (<see cref="XorPacker"/>). Histograms stay as they are, because their chunks say
/// something about resets before them. Reused; not thread-safe.
/// </summary>
internal sealed class ChunkJoin(NativeAllocator allocator) : IDisposable
{
    /// <summary>
    /// The most samples of a joined chunk. To find one sample all before it have to be decoded, which half a microsecond allows; and
    /// four kibibytes hold that many of the longest.
    /// </summary>
    public const int MaxSamples = 240;

    // Samples of XOR chunks; what XOR2 chunks have goes through rows and encoder, start timestamps included.
    private readonly SampleBatch _floats = new(MaxSamples);
    private readonly XorPacker _packer = new();
    private readonly ChunkRows _rows = new();
    private readonly ChunkEncoder _encoder = new(allocator);
    private HeldChunk _held = new();
    private HeldChunk _returned = new();
    private bool _hasHeld;
    private bool _isJoined;
    private int _samples;
    private long _maxTimeMs;

    /// <summary>Forgets what is held.</summary>
    public void Clear() => _hasHeld = false;

    /// <summary>Takes the next chunk of a merge.</summary>
    /// <param name="merge">Where chunks come from, in order of time.</param>
    /// <param name="chunk">The chunk, valid until the next call.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="TsdbCorruptionException">A chunk is damaged.</exception>
    public bool Next(ChunkMerge merge, out SourceChunk chunk)
    {
        if (!_hasHeld)
        {
            if (!merge.NextMerged(out chunk))
                return false;
            Hold(chunk);
        }

        while (merge.NextMerged(out SourceChunk next))
        {
            if (!Fits(next))
            {
                chunk = Release();
                Hold(next);
                return true;
            }

            Join(next);
        }

        _hasHeld = false;
        chunk = Release();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();

    private void Hold(SourceChunk chunk)
    {
        _held.Copy(chunk);
        _hasHeld = true;
        _isJoined = false;
        _samples = ChunkHeader.ReadSampleCount(chunk.Bytes);
        _maxTimeMs = chunk.MaxTimeMs;
    }

    private bool Fits(SourceChunk next)
    {
        int samples = ChunkHeader.ReadSampleCount(next.Bytes);
        return next.Encoding is ChunkEncoding.Xor or ChunkEncoding.Xor2
            && next.Encoding == _held.Chunk.Encoding
            && next.MinTimeMs > _maxTimeMs
            && samples > 0
            && _samples + samples <= MaxSamples;
    }

    private void Join(SourceChunk next)
    {
        if (!_isJoined)
        {
            _floats.Clear();
            _encoder.Start(ChunkEncoderRules.Keeping(_held.Chunk.Encoding));
            Append(_held.Chunk);
            _isJoined = true;
        }

        Append(next);
        _samples += ChunkHeader.ReadSampleCount(next.Bytes);
        _maxTimeMs = next.MaxTimeMs;
    }

    private void Append(SourceChunk chunk)
    {
        if (chunk.Encoding == ChunkEncoding.Xor)
        {
            ChunkDecoder.Decode(chunk.Encoding, chunk.Bytes, long.MinValue, long.MaxValue, _floats);
            return;
        }

        _rows.Decode(chunk.Encoding, chunk.Bytes);
        for (int row = 0; row < _rows.Count; row++)
            _encoder.Append(_rows, row);
    }

    private SourceChunk Release()
    {
        if (!_isJoined)
        {
            (_held, _returned) = (_returned, _held);
            return _returned.Chunk;
        }

        if (_held.Chunk.Encoding == ChunkEncoding.Xor)
        {
            ReadOnlySpan<byte> packed = _packer.Pack(_floats.TimesMs.AsSpan(0, _floats.Count), _floats.Values.AsSpan(0, _floats.Count));
            return new SourceChunk(_held.Chunk.MinTimeMs, _maxTimeMs, ChunkEncoding.Xor, packed);
        }

        _encoder.Complete();
        EncodedChunk joined = _encoder.Finished[0];
        return new SourceChunk(joined.MinTimeMs, joined.MaxTimeMs, joined.Encoding, _encoder.BytesOf(joined));
    }
}
