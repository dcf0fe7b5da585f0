using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.HeadChunks;

/// <summary>Walks the chunks of one file from front to back and checks each. For one file and one thread.</summary>
internal sealed class HeadChunkScanner(IStorageFile file, int number, string path)
{
    private const int BufferBytes = 1 << 20;

    private readonly long _length = file.Length;
    private byte[] _buffer = new byte[(int)Math.Min(BufferBytes, file.Length)];
    private long _bufferOffset;
    private int _buffered;

    /// <summary>Where the next chunk begins.</summary>
    public long Offset { get; private set; } = HeadChunkFormat.FileHeaderBytes;

    /// <summary>Checks the file's header.</summary>
    /// <exception cref="TsdbCorruptionException">It is not one of such a file.</exception>
    public void CheckHeader()
    {
        ReadOnlySpan<byte> header = Take(0, HeadChunkFormat.FileHeaderBytes);
        if (header.Length < HeadChunkFormat.FileHeaderBytes)
            throw Damage(0, "invalid head chunk file header", $"{HeadChunkFormat.FileHeaderBytes} bytes", $"{header.Length} bytes");
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != HeadChunkFormat.Magic)
            throw Damage(0, $"invalid magic number {magic:x}", $"{HeadChunkFormat.Magic:x}", $"{magic:x}");
        byte version = header[sizeof(uint)];
        if (version != HeadChunkFormat.Version)
            throw Damage(sizeof(uint), $"invalid chunk format version {version}", $"{HeadChunkFormat.Version}", $"{version}");
    }

    /// <summary>Moves to the next chunk; false at the end of the content.</summary>
    /// <exception cref="TsdbCorruptionException">What is there is no chunk.</exception>
    public bool TryRead(out HeadChunkEntry entry)
    {
        entry = default;
        ReadOnlySpan<byte> head = Take(Offset, HeadChunkFormat.EntryHeaderBytes + Varint.MaxLength);
        if (IsEnd(head))
            return false;
        if (head.Length <= HeadChunkFormat.EntryHeaderBytes)
            throw Truncated(HeadChunkFormat.EntryHeaderBytes + 1);
        if (!Varint.TryReadUvarint(head[HeadChunkFormat.EntryHeaderBytes..], out ulong length, out _)
            || length > (ulong)HeadChunkFormat.MaxFileBytes)
            throw Damage(Offset + HeadChunkFormat.EntryHeaderBytes, "invalid head chunk length", "a length within the file", $"{length}");
        int size = HeadChunkFormat.EntryBytes((int)length);
        if (Offset + size > _length)
            throw Truncated(size);
        ReadOnlySpan<byte> bytes = Take(Offset, size);
        CheckSum(bytes);
        entry = Parse(bytes, (int)length);
        Offset += size;
        return true;
    }

    // References begin at 1: three zeros are what a file was extended with.
    private static bool IsEnd(ReadOnlySpan<byte> head) => head.Length < HeadChunkFormat.EntryHeaderBytes
        ? head.IndexOfAnyExcept((byte)0) < 0
        : head[..(3 * sizeof(ulong))].IndexOfAnyExcept((byte)0) < 0;

    private HeadChunkEntry Parse(ReadOnlySpan<byte> bytes, int length)
    {
        byte encoding = bytes[HeadChunkFormat.EntryHeaderBytes - 1];
        return new HeadChunkEntry(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(ulong)..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[(2 * sizeof(ulong))..]),
            (ChunkEncoding)(encoding & ~HeadChunkFormat.OutOfOrderBit),
            (encoding & HeadChunkFormat.OutOfOrderBit) != 0,
            HeadChunkFormat.Reference(number, Offset),
            length);
    }

    private void CheckSum(ReadOnlySpan<byte> bytes)
    {
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(bytes[^HeadChunkFormat.ChecksumBytes..]);
        uint actual = Crc32C.Compute(bytes[..^HeadChunkFormat.ChecksumBytes]);
        if (declared != actual)
            throw Damage(Offset, "checksum mismatch", $"{declared:x}", $"{actual:x}");
    }

    // Up to so many bytes from an offset on, fewer at the end of the file. No entry is longer than the file, so neither is the buffer.
    private ReadOnlySpan<byte> Take(long offset, int count)
    {
        count = (int)Math.Min(count, _length - offset);
        if (offset < _bufferOffset || offset + count > _bufferOffset + _buffered)
        {
            if (_buffer.Length < count)
                _buffer = new byte[count];
            _bufferOffset = offset;
            _buffered = file.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, _length - offset)), offset);
            count = Math.Min(count, _buffered);
        }

        return _buffer.AsSpan((int)(offset - _bufferOffset), Math.Max(0, count));
    }

    private TsdbCorruptionException Truncated(int size) =>
        Damage(Offset, "head chunk file doesn't include enough bytes to read the chunk", $"{size} bytes", $"{_length - Offset} bytes");

    private TsdbCorruptionException Damage(long offset, string reason, string expected, string actual) =>
        TsdbCorruptionException.InFile(path, offset, reason, expected, actual);
}
