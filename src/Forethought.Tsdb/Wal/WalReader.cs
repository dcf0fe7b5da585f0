using Forethought.Encoding;
using Forethought.Storage;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Reads records from the segments of logs and checkpoints, one after another. Only one segment is open at a time. Not thread-safe.
/// </summary>
public sealed class WalReader : IDisposable
{
    private readonly Queue<(IStorageDirectory Directory, int Segment, long Offset)> _segments = new();
    private SegmentReader? _current;
    private string _directory = "";
    private byte[] _decompressed = [];
    private ZstdDecoder? _zstd;

    /// <summary>Prepares to read ranges of segments in the given order.</summary>
    /// <exception cref="StorageException">The segments of a directory have a gap.</exception>
    /// <exception cref="IOException">A directory cannot be listed.</exception>
    public WalReader(params ReadOnlySpan<WalRange> ranges)
    {
        foreach (WalRange range in ranges)
        {
            foreach (int segment in WalSegments.List(range.Directory))
            {
                if (segment >= range.First && segment <= range.Last)
                    _segments.Enqueue((range.Directory, segment, segment == range.First ? range.FirstOffset : 0));
            }
        }
    }

    /// <summary>The segment that was read last; -1 before the first.</summary>
    public int Segment => _current?.Segment ?? -1;

    /// <summary>Where in its segment the current record begins.</summary>
    public long RecordOffset => _current?.RecordStart ?? 0;

    /// <summary>Where in its segment the current record ends.</summary>
    public long Offset => _current?.RecordEnd ?? 0;

    /// <summary>Moves to the next record and gives its bytes, decompressed; they are valid until the next call.</summary>
    /// <returns>
    /// False, with an empty record, behind the last one. If the last segment is still being written, a later call may find more; the
    /// same holds after a finding that is a torn tail.
    /// </returns>
    /// <exception cref="TsdbCorruptionException">A segment is damaged. Nothing behind the damage can be read.</exception>
    /// <exception cref="IOException">A segment cannot be opened or read.</exception>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        while (true)
        {
            if (_current is not null && _current.TryRead(out ReadOnlySpan<byte> stored))
            {
                record = Decompress(stored, _current.CompressionFlags);
                return true;
            }

            record = default;
            if (!_segments.TryDequeue(out (IStorageDirectory Directory, int Segment, long Offset) next))
                return false;
            _current?.Dispose();
            _current = null;
            _directory = next.Directory.FullName;
            IStorageFile file = next.Directory.Open(WalFormat.SegmentName(next.Segment), isWritable: false);
            _current = new SegmentReader(file, _directory, next.Segment, next.Offset);
        }
    }

    /// <summary>
    /// The place of the current record for a finding inside it: the record and all that follows is to be taken as damaged.
    /// </summary>
    public TsdbCorruptionException Locate(TsdbCorruptionException finding) => TsdbCorruptionException.InSegment(
        _directory, Segment, RecordOffset, finding.Message, finding.Expected, finding.Actual, inner: finding);

    /// <summary>Closes the open segment.</summary>
    public void Dispose()
    {
        _current?.Dispose();
        _current = null;
        _segments.Clear();
    }

    private ReadOnlySpan<byte> Decompress(ReadOnlySpan<byte> stored, byte flags)
    {
        if (flags == 0)
            return stored;
        return (flags & WalFormat.SnappyFlag) != 0 ? DecompressSnappy(stored) : DecompressZstd(stored);
    }

    private ReadOnlySpan<byte> DecompressSnappy(ReadOnlySpan<byte> stored)
    {
        SnappyStatus status = Snappy.ReadLength(stored, WalFormat.MaxRecordSize, out int length);
        if (status == SnappyStatus.Ok)
        {
            if (_decompressed.Length < length)
                _decompressed = new byte[Math.Max(length, 2 * _decompressed.Length)];
            status = Snappy.Decompress(stored, _decompressed, out length);
        }

        return status switch
        {
            SnappyStatus.Ok => _decompressed.AsSpan(0, length),
            SnappyStatus.TooLarge => throw Damage("snappy: decoded block is too large", $"at most {WalFormat.MaxRecordSize} bytes", "more"),
            _ => throw Damage("snappy: corrupt input", "a snappy block", "other bytes"),
        };
    }

    private ReadOnlySpan<byte> DecompressZstd(ReadOnlySpan<byte> stored)
    {
        _zstd ??= new ZstdDecoder();
        return _zstd.Decompress(stored, WalFormat.MaxRecordSize, out ReadOnlySpan<byte> record) switch
        {
            ZstdStatus.Ok => record,
            ZstdStatus.TooLarge => throw Damage("zstd: decoded record is too large", $"at most {WalFormat.MaxRecordSize} bytes", "more"),
            _ => throw Damage("zstd: corrupt input", "zstd frames", "other bytes"),
        };
    }

    private TsdbCorruptionException Damage(string reason, string expected, string actual) =>
        TsdbCorruptionException.InSegment(_directory, Segment, RecordOffset, reason, expected, actual);
}
