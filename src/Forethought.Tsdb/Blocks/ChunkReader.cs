using System.Buffers;
using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Reads chunks by reference through a window on one segment. Blocks have the chunks of a series, and of neighbours in label order,
/// one behind the other: as long as reading goes on where it stopped, windows double in size, so that a run of chunks costs few
/// calls; after a jump they are small again. For one thread.
/// </summary>
internal sealed class ChunkReader(ChunkSegments segments) : IDisposable
{
    /// <summary>Holds most chunks whole.</summary>
    private const int SmallestWindow = 2 << 10;

    private const int LargestWindow = 256 << 10;

    private byte[] _buffer = [];
    private int _segment = -1;
    private long _start;
    private int _length;
    private int _window = SmallestWindow;

    /// <summary>Reads a chunk and verifies its checksum.</summary>
    /// <exception cref="TsdbCorruptionException">There is no whole chunk at the reference.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public StoredChunk Read(ulong reference)
    {
        int segment = (int)Math.Min(reference >> 32, int.MaxValue);
        long offset = (uint)reference;
        long available = segments.LengthOf(segment);
        if (available < 0)
        {
            throw TsdbCorruptionException.InFile(
                segments.PathOf(segment), 0, $"segment index {segment} out of range", "a segment that exists", $"{segment}");
        }

        if (offset + ChunkSegmentFormat.MaxLengthBytes > available)
            ThrowTooShort(segment, offset, "the chunk size data field", offset + ChunkSegmentFormat.MaxLengthBytes, available);
        ReadOnlySpan<byte> bytes = Window(segment, offset, ChunkSegmentFormat.MaxLengthBytes);
        if (!Varint.TryReadUvarint(bytes[..Math.Min(bytes.Length, ChunkSegmentFormat.MaxLengthBytes)], out ulong length, out int prefix))
        {
            throw TsdbCorruptionException.InFile(
                segments.PathOf(segment), offset, $"reading chunk length failed with {prefix}", "a uvarint of at most 5 bytes", "none");
        }

        long end = offset + prefix + ChunkSegmentFormat.EncodingBytes + (long)length + ChunkSegmentFormat.ChecksumBytes;
        if (end > available)
            ThrowTooShort(segment, offset, "the chunk", end, available);
        if (length > BitReader.MaxSourceLength)
        {
            throw TsdbCorruptionException.InFile(
                segments.PathOf(segment), offset, $"chunk of {length} bytes", $"at most {BitReader.MaxSourceLength} bytes", $"{length} bytes");
        }

        int size = (int)(end - offset);
        if (bytes.Length < size)
            bytes = Window(segment, offset, size);
        return Verified(segment, offset, bytes[prefix..size]);
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private StoredChunk Verified(int segment, long offset, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> covered = bytes[..^ChunkSegmentFormat.ChecksumBytes];
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(bytes[covered.Length..]);
        uint actual = Crc32C.Compute(covered);
        if (declared != actual)
        {
            string message = $"checksum mismatch expected:{declared:x}, actual:{actual:x}";
            throw TsdbCorruptionException.InFile(segments.PathOf(segment), offset, message, $"{declared:x8}", $"{actual:x8}");
        }

        return new StoredChunk((ChunkEncoding)covered[0], covered[ChunkSegmentFormat.EncodingBytes..]);
    }

    /// <summary>The segment from a place on, at least as many bytes as asked for, which the segment has.</summary>
    private ReadOnlySpan<byte> Window(int segment, long offset, int length)
    {
        bool isSame = segment == _segment;
        long end = _start + _length;
        if (!isSame || offset < _start || offset + length > end)
        {
            bool goesOn = isSame && offset >= _start && offset <= end + SmallestWindow;
            _window = goesOn ? Math.Min(_window * 2, LargestWindow) : SmallestWindow;
            Fill(segment, offset, (int)Math.Min(Math.Max(_window, length), segments.LengthOf(segment) - offset), length);
        }

        return _buffer.AsSpan((int)(offset - _start), (int)(_start + _length - offset));
    }

    private void Fill(int segment, long offset, int length, int needed)
    {
        if (_buffer.Length < length)
        {
            Dispose();
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        _segment = segment;
        _start = offset;
        _length = segments.Read(segment, offset, _buffer.AsSpan(0, length));
        if (_length < needed)
            ThrowTooShort(segment, offset, "the chunk", offset + needed, offset + _length);
    }

    private void ThrowTooShort(int segment, long offset, string what, long required, long available) =>
        throw TsdbCorruptionException.InFile(
            segments.PathOf(segment),
            offset,
            $"segment doesn't include enough bytes to read {what} - required:{required}, available:{available}",
            $"{required} bytes",
            $"{available} bytes");
}
