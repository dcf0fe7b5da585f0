using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Compaction;

/// <summary>A copy of a chunk that outlives the source's next step. Reused; not thread-safe.</summary>
internal sealed class HeldChunk
{
    private byte[] _bytes = [];
    private int _length;
    private long _minTimeMs;
    private long _maxTimeMs;
    private ChunkEncoding _encoding;

    /// <summary>The chunk, valid until the next copy.</summary>
    public SourceChunk Chunk => new(_minTimeMs, _maxTimeMs, _encoding, _bytes.AsSpan(0, _length));

    public void Copy(SourceChunk chunk)
    {
        if (_bytes.Length < chunk.Bytes.Length)
            _bytes = new byte[Math.Max(chunk.Bytes.Length, 2 * _bytes.Length)];
        chunk.Bytes.CopyTo(_bytes);
        _length = chunk.Bytes.Length;
        _minTimeMs = chunk.MinTimeMs;
        _maxTimeMs = chunk.MaxTimeMs;
        _encoding = chunk.Encoding;
    }

    /// <summary>Whether another chunk is the same, byte for byte.</summary>
    public bool Equals(SourceChunk other) =>
        other.MinTimeMs == _minTimeMs
        && other.MaxTimeMs == _maxTimeMs
        && other.Encoding == _encoding
        && other.Bytes.SequenceEqual(_bytes.AsSpan(0, _length));
}
