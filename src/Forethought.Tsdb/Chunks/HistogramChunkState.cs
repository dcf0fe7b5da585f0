using System.Runtime.InteropServices;
using Forethought.Model;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// An open chunk of native histograms, integer or float: the handle of a native buffer that holds everything needed to append, and
/// the chunk's bytes in upstream's encoding. Changed only by <see cref="HistogramChunkAppender{TNumbers}"/>. Used under the lock of
/// the shard that the table belongs to; copying the structure does not copy the chunk.
/// </summary>
/// <remarks>
/// The buffer: <see cref="OpenHistogramHeader"/>; positive and negative spans, 8 bytes each; custom bounds, 8 bytes each; positive
/// and negative buckets as <see cref="TrackedValue"/>s, 16 bytes each; the chunk.
/// </remarks>
internal struct HistogramChunkState
{
    private uint _buffer;

    internal HistogramChunkState(uint buffer) => _buffer = buffer;

    /// <summary>Whether there is no chunk.</summary>
    public readonly bool IsEmpty => _buffer == 0;

    internal readonly uint Buffer => _buffer;

    /// <summary>The number of samples.</summary>
    public readonly int SampleCount(BufferTable buffers) => Header(buffers).Samples;

    /// <summary>The time of the last sample in milliseconds.</summary>
    public readonly long LastTimeMs(BufferTable buffers) => Header(buffers).TimeMs;

    /// <summary>Whether the chunk is in the encoding with start timestamps.</summary>
    public readonly bool HasStartTimes(BufferTable buffers) => Header(buffers).HasStartTimes;

    /// <summary>Buckets of the last sample; 0 if that is a stale marker.</summary>
    public readonly int NewestBuckets(BufferTable buffers)
    {
        OpenHistogramHeader header = Header(buffers);
        return header.IsStale ? 0 : header.PositiveBuckets + header.NegativeBuckets;
    }

    /// <summary>The length of the encoded chunk in bytes.</summary>
    public readonly int ByteLength(BufferTable buffers) => Header(buffers).ByteLength;

    /// <summary>Writes the encoded chunk, <see cref="ByteLength"/> bytes, to the start of <paramref name="destination"/>.</summary>
    /// <returns>The number of bytes.</returns>
    public readonly int CopyTo(BufferTable buffers, Span<byte> destination)
    {
        ReadOnlySpan<byte> chunk = Chunk(buffers);
        chunk.CopyTo(destination);
        return chunk.Length;
    }

    /// <summary>Gives the buffer back and empties the state.</summary>
    public void Free(BufferTable buffers)
    {
        if (_buffer != 0)
            buffers.Free(_buffer);
        _buffer = 0;
    }

    /// <summary>Where the chunk begins in the buffer.</summary>
    internal static unsafe int ChunkOffset(in OpenHistogramHeader header) =>
        sizeof(OpenHistogramHeader)
        + (header.PositiveSpans + header.NegativeSpans) * sizeof(HistogramSpan)
        + header.CustomValues * sizeof(double)
        + (header.PositiveBuckets + header.NegativeBuckets) * sizeof(TrackedValue);

    internal readonly OpenHistogramHeader Header(BufferTable buffers) => MemoryMarshal.Read<OpenHistogramHeader>(buffers.Get(_buffer));

    internal readonly ReadOnlySpan<byte> Chunk(BufferTable buffers)
    {
        ReadOnlySpan<byte> buffer = buffers.Get(_buffer);
        OpenHistogramHeader header = MemoryMarshal.Read<OpenHistogramHeader>(buffer);
        return buffer.Slice(ChunkOffset(header), header.ByteLength);
    }
}
