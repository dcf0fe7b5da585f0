using System.Buffers;
using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Reads the records of one segment: finds fragments, checks them and puts records together, still compressed. A segment that ends
/// inside a page is read as if zeros followed. After the end, or after a finding, reading may be tried again behind the last good
/// record: a segment that is being written may have grown. Not thread-safe.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private const int BufferSize = 8 * WalFormat.PageSize;

    private readonly IStorageFile _file;
    private readonly string _directory;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private long _bufferStart;
    private int _bufferLength;

    // Where the next fragment is looked for.
    private long _position;

    private byte[] _parts = [];
    private int _partsLength;

    /// <summary>Takes over an open segment and starts at an offset where a record begins.</summary>
    public SegmentReader(IStorageFile file, string directory, int segment, long offset)
    {
        _file = file;
        _directory = directory;
        Segment = segment;
        _position = offset;
        _bufferStart = offset - offset % WalFormat.PageSize;
        RecordEnd = offset;
    }

    public int Segment { get; }

    /// <summary>Where the current record's first fragment begins.</summary>
    public long RecordStart { get; private set; }

    /// <summary>Where the current record's last fragment ends.</summary>
    public long RecordEnd { get; private set; }

    /// <summary>The compression bits of the current record.</summary>
    public byte CompressionFlags { get; private set; }

    /// <summary>Moves to the next record and gives its bytes, valid until the next call.</summary>
    /// <exception cref="TsdbCorruptionException">The segment is damaged here, or ends inside a record.</exception>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        record = default;
        _partsLength = 0;
        bool isInside = false;
        while (true)
        {
            ReadOnlySpan<byte> rest = RestOfPage();
            if (rest.IsEmpty)
            {
                if (isInside)
                    throw Corruption("last record is torn", "a last fragment", "the end of the segment", isTorn: true);
                return false;
            }

            byte type = (byte)(rest[0] & WalFormat.TypeMask);
            if (type == WalFormat.PageEnd)
            {
                SkipPadding(rest);
                continue;
            }

            ReadOnlySpan<byte> fragment = ReadFragment(rest);
            CheckOrder(type, isInside);
            CompressionFlags = (byte)(rest[0] & (WalFormat.SnappyFlag | WalFormat.ZstdFlag));
            if (!isInside)
                RecordStart = _position;
            _position += WalFormat.HeaderSize + fragment.Length;
            if (type is WalFormat.Full)
            {
                RecordEnd = _position;
                record = fragment;
                return true;
            }

            Append(fragment);
            isInside = true;
            if (type is not WalFormat.Last)
                continue;
            RecordEnd = _position;
            record = _parts.AsSpan(0, _partsLength);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _file.Dispose();
    }

    /// <summary>What the file holds from the current position to the end of its page; empty at the end of the file.</summary>
    private ReadOnlySpan<byte> RestOfPage()
    {
        long pageEnd = _position - _position % WalFormat.PageSize + WalFormat.PageSize;
        if (_position < _bufferStart || _position >= _bufferStart + _bufferLength || pageEnd > _bufferStart + BufferSize)
        {
            _bufferStart = _position - _position % WalFormat.PageSize;
            _bufferLength = _file.Read(_buffer.AsSpan(0, BufferSize), _bufferStart);
        }

        int from = (int)(_position - _bufferStart);
        int to = (int)Math.Min(pageEnd - _bufferStart, _bufferLength);
        return from >= to ? default : _buffer.AsSpan(from, to - from);
    }

    private void SkipPadding(ReadOnlySpan<byte> rest)
    {
        if (rest[1..].ContainsAnyExcept((byte)0))
            throw Corruption("unexpected non-zero byte in padded page", "zeros to the end of the page", "other bytes", isTorn: false);
        _position += WalFormat.PageSize - _position % WalFormat.PageSize;
    }

    private ReadOnlySpan<byte> ReadFragment(ReadOnlySpan<byte> rest)
    {
        bool reachesEnd = _position % WalFormat.PageSize + rest.Length < WalFormat.PageSize;
        if (rest.Length < WalFormat.HeaderSize)
            throw Corruption("read remaining header: unexpected EOF", "a header of 7 bytes", $"{rest.Length} bytes", reachesEnd);
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
        if (length > WalFormat.MaxFragmentSize)
            throw Corruption($"invalid record size {length}", $"at most {WalFormat.MaxFragmentSize}", $"{length}", isTorn: false);
        if (length > rest.Length - WalFormat.HeaderSize)
        {
            int actual = rest.Length - WalFormat.HeaderSize;
            throw Corruption($"invalid size: expected {length}, got {actual}", $"{length} bytes", $"{actual} bytes", reachesEnd);
        }

        ReadOnlySpan<byte> fragment = rest.Slice(WalFormat.HeaderSize, length);
        uint expected = BinaryPrimitives.ReadUInt32BigEndian(rest[3..]);
        uint actualCrc = Crc32C.Compute(fragment);
        if (actualCrc != expected)
        {
            bool isLast = _position + WalFormat.HeaderSize + length >= _file.Length;
            throw Corruption($"unexpected checksum {actualCrc:x}, expected {expected:x}", $"{expected:x8}", $"{actualCrc:x8}", isLast);
        }

        return fragment;
    }

    private void CheckOrder(byte type, bool isInside)
    {
        string? reason = (type, isInside) switch
        {
            (WalFormat.Full, true) => "unexpected full record",
            (WalFormat.First, true) => "unexpected first record, dropping buffer",
            (WalFormat.Middle, false) => "unexpected middle record, dropping buffer",
            (WalFormat.Last, false) => "unexpected last record, dropping buffer",
            ( > WalFormat.Last, _) => $"unexpected record type {type}",
            _ => null,
        };
        if (reason is not null)
            throw Corruption(reason, isInside ? "a middle or last fragment" : "a full or first fragment", $"fragment type {type}", false);
    }

    private void Append(ReadOnlySpan<byte> fragment)
    {
        int needed = _partsLength + fragment.Length;
        if (_parts.Length < needed)
            Array.Resize(ref _parts, Math.Max(needed, Math.Max(4 * WalFormat.PageSize, 2 * _parts.Length)));
        fragment.CopyTo(_parts.AsSpan(_partsLength));
        _partsLength = needed;
    }

    private TsdbCorruptionException Corruption(string reason, string expected, string actual, bool isTorn)
    {
        long offset = _position;
        _position = RecordEnd;
        _bufferLength = 0;
        return TsdbCorruptionException.InSegment(_directory, Segment, offset, reason, expected, actual, isTorn);
    }
}
