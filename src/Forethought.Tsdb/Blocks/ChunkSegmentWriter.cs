using Forethought.Storage;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Writes chunks into the segments of a new block. Segments are cut where upstream cuts them: it takes the chunks of one series at a
/// time and allows each the longest length field that there is. For one thread.
/// </summary>
/// <param name="directory">The block's directory of chunks, without segments.</param>
/// <param name="segmentBytes">The size that a segment is not to exceed, unless a single chunk does.</param>
/// <param name="isUncached">Whether what is written is kept out of the operating system's cache.</param>
internal sealed class ChunkSegmentWriter(IStorageDirectory directory, long segmentBytes, bool isUncached = false) : IDisposable
{
    // As much as upstream's direct writes hand over at a time.
    private const int UncachedBytes = 8 << 20;

    private long _uncached;
    private SequentialWriter? _segment;
    private int _segments;

    // Of the current series: where its segment stood when it began, chunks so far, and the bytes they were allowed since the last cut.
    private long _begin;
    private int _chunks;
    private long _allowed;
    private bool _hasCut;

    /// <summary>Tells that the next chunk is the first of a series.</summary>
    public void BeginSeries()
    {
        _begin = _segment?.Position ?? 0;
        _chunks = 0;
        _allowed = 0;
        _hasCut = false;
    }

    /// <summary>Writes a chunk and returns where it is.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="StorageException">The segment is so large that references do not reach its end.</exception>
    public ulong Write(in SourceChunk chunk)
    {
        if (IsCutBefore(chunk.Bytes.Length) || _segment is null)
            Cut();
        SequentialWriter segment = _segment!;
        long offset = segment.Position;
        if (offset > uint.MaxValue)
            throw new StorageException($"chunk segment {_segments} exceeds 4 GiB");
        segment.WriteUvarint((ulong)chunk.Bytes.Length);
        segment.BeginChecksum();
        segment.WriteByte((byte)chunk.Encoding);
        segment.Write(chunk.Bytes);
        segment.WriteChecksum();
        if (isUncached && segment.Position - _uncached >= UncachedBytes)
            FlushUncached(segment);
        return ChunkSegmentFormat.Reference(_segments - 1, offset);
    }

    /// <summary>Returns once all segments are on stable storage, and closes them.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public void Finish()
    {
        FinishSegment();
        directory.Sync();
    }

    /// <summary>Closes what is open; what was not finished is lost.</summary>
    public void Dispose() => _segment?.Dispose();

    private bool IsCutBefore(int length)
    {
        long allowed = ChunkSegmentFormat.MaxLengthBytes + ChunkSegmentFormat.EncodingBytes + length + ChunkSegmentFormat.ChecksumBytes;
        _allowed += allowed;
        bool isFirst = _chunks++ == 0;
        bool isCut = !_hasCut && _begin > ChunkSegmentFormat.HeaderBytes
            ? _allowed + _begin > segmentBytes
            : !isFirst && _allowed + ChunkSegmentFormat.HeaderBytes > segmentBytes;
        if (isCut)
        {
            _allowed = allowed;
            _hasCut = true;
        }

        return isCut;
    }

    private void Cut()
    {
        FinishSegment();
        _segment = new SequentialWriter(directory.Create(ChunkSegmentFormat.NameOf(++_segments)));
        _segment.WriteUInt32(ChunkSegmentFormat.Magic);
        _segment.WriteByte(ChunkSegmentFormat.Version);
        _segment.Pad(ChunkSegmentFormat.HeaderBytes);
    }

    private void FinishSegment()
    {
        if (_segment is null)
            return;
        if (isUncached)
            FlushUncached(_segment);
        else
            _segment.Sync();
        _segment.Dispose();
        _segment = null;
        _uncached = 0;
    }

    // Only what is on the disk can be dropped.
    private void FlushUncached(SequentialWriter segment)
    {
        segment.SyncUncached();
        _uncached = segment.Position;
    }
}
