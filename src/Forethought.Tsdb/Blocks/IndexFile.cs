using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// A mapped index: finds its sections, whose lengths and checksums it verifies. Spans are valid until it is disposed. Thread-safe but
/// for <see cref="Dispose"/>.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    /// <summary>The longest that the length before a series may be written.</summary>
    private const int MaxSeriesLengthBytes = 5;

    private readonly IMappedFile _bytes;

    private IndexFile(IMappedFile bytes, string path)
    {
        _bytes = bytes;
        Path = path;
    }

    public string Path { get; }

    public long Length => _bytes.Length;

    public byte Version { get; private set; }

    public IndexToc Toc { get; private set; }

    /// <summary>Maps the index in a block's directory; reads header and table of contents.</summary>
    /// <exception cref="TsdbCorruptionException">It is no index.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IndexFile Open(IStorageDirectory directory)
    {
        using IStorageFile file = directory.Open(BlockIndexFormat.Name, isWritable: false);
        var index = new IndexFile(file.Map(), System.IO.Path.Combine(directory.FullName, BlockIndexFormat.Name));
        try
        {
            index.ReadHeader();
            index.Toc = IndexToc.Read(index._bytes, index.Path);
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>A section's content: what follows its length, up to its checksum, which is verified.</summary>
    /// <param name="offset">Where the section's length is.</param>
    /// <param name="doing">What for, in case it is damaged.</param>
    public ReadOnlySpan<byte> Section(long offset, string doing)
    {
        if (offset < 0 || offset > Length - BlockIndexFormat.LengthBytes)
            throw InvalidSize(offset, doing, $"at most {Length - BlockIndexFormat.LengthBytes}", $"offset {offset}");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_bytes.Slice(offset, BlockIndexFormat.LengthBytes));
        return Verified(offset + BlockIndexFormat.LengthBytes, length, doing);
    }

    /// <summary>The content of a section that <see cref="Section"/> has given before, without verifying it again.</summary>
    /// <param name="start">Where the content begins.</param>
    /// <param name="length">Its length.</param>
    public ReadOnlySpan<byte> Content(long start, int length) => _bytes.Slice(start, length);

    /// <summary>What the index has of a series, its checksum verified.</summary>
    public ReadOnlySpan<byte> Series(long offset)
    {
        const string Doing = "read series";
        if (offset < 0 || offset > Length - MaxSeriesLengthBytes)
            throw InvalidSize(offset, Doing, $"at most {Length - MaxSeriesLengthBytes}", $"offset {offset}");
        if (!Varint.TryReadUvarint(_bytes.Slice(offset, MaxSeriesLengthBytes), out ulong length, out int prefix))
            throw TsdbCorruptionException.InFile(Path, offset, $"{Doing}: invalid uvarint {prefix}", "a length", "none");
        return Verified(offset + prefix, length, Doing);
    }

    /// <summary>A finding in this file with what was being done and where.</summary>
    public TsdbCorruptionException Locate(TsdbCorruptionException found, long start, string doing) => found.Locate(Path, start, doing);

    /// <summary>A finding in this file.</summary>
    public TsdbCorruptionException Damage(long offset, string message, string expected, string actual) =>
        TsdbCorruptionException.InFile(Path, offset, message, expected, actual);

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    private ReadOnlySpan<byte> Verified(long start, ulong length, string doing)
    {
        // Sections beyond 2 GiB would need other means than spans; at that size an index has tens of millions of series.
        long available = Length - start - BlockIndexFormat.ChecksumBytes;
        if (available < 0 || length > (ulong)available || length > int.MaxValue - BlockIndexFormat.ChecksumBytes)
            throw InvalidSize(start, doing, $"at most {available} bytes", $"{length} bytes");
        ReadOnlySpan<byte> bytes = _bytes.Slice(start, (int)length + BlockIndexFormat.ChecksumBytes);
        ReadOnlySpan<byte> content = bytes[..(int)length];
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(bytes[content.Length..]);
        uint actual = Crc32C.Compute(content);
        if (declared != actual)
            throw Damage(start + content.Length, $"{doing}: invalid checksum", $"{declared:x8}", $"{actual:x8}");
        return content;
    }

    private void ReadHeader()
    {
        if (Length < BlockIndexFormat.HeaderBytes)
            throw InvalidSize(0, "index header", $"{BlockIndexFormat.HeaderBytes} bytes", $"{Length} bytes");
        ReadOnlySpan<byte> header = _bytes.Slice(0, BlockIndexFormat.HeaderBytes);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != BlockIndexFormat.Magic)
            throw Damage(0, $"invalid magic number {magic:x}", $"{BlockIndexFormat.Magic:x}", $"{magic:x}");
        Version = header[sizeof(uint)];
        if (Version is < BlockIndexFormat.Version1 or > BlockIndexFormat.Version3)
            throw Damage(sizeof(uint), $"unknown index file version {Version}", "1, 2 or 3", $"{Version}");
    }

    private TsdbCorruptionException InvalidSize(long offset, string doing, string expected, string actual) =>
        Damage(offset, $"{doing}: invalid size", expected, actual);
}
