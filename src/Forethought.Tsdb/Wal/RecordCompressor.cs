using Forethought.Encoding;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// The records of one commit as they go to the log: compressed, or as they were where compression gains nothing. Valid until the
/// next <see cref="Load"/>. Not thread-safe.
/// </summary>
internal sealed class RecordCompressor(WalCompression compression, WalStatistics statistics)
{
    private readonly ZstdEncoder? _zstd = compression == WalCompression.Zstd ? new ZstdEncoder() : null;
    private byte[] _compressed = [];
    private (int Start, int Length)[] _places = new (int, int)[8];
    private RecordBuffer? _commit;

    /// <summary>The number of records.</summary>
    public int Count => _commit?.Count ?? 0;

    /// <summary>A record's bytes.</summary>
    public ReadOnlySpan<byte> this[int index] =>
        IsCompressed(index) ? _compressed.AsSpan(_places[index].Start, _places[index].Length) : _commit![index];

    /// <summary>The bits that tell a record's compression in the headers of its fragments.</summary>
    public byte FlagOf(int index)
    {
        if (!IsCompressed(index))
            return 0;
        return _zstd is null ? WalFormat.SnappyFlag : WalFormat.ZstdFlag;
    }

    /// <summary>Takes the records of a commit, which must stay as they are meanwhile.</summary>
    public void Load(RecordBuffer commit)
    {
        _commit = commit;
        if (_places.Length < commit.Count)
            _places = new (int, int)[2 * commit.Count];
        int end = 0;
        for (int i = 0; i < commit.Count; i++)
        {
            int length = compression == WalCompression.None ? 0 : Compress(commit[i], end);
            _places[i] = (end, length);
            end += length;
        }
    }

    private bool IsCompressed(int index) => _places[index].Length > 0;

    /// <summary>Compresses a record to <paramref name="start"/>; 0 if it does not get shorter.</summary>
    private int Compress(ReadOnlySpan<byte> record, int start)
    {
        int length = _zstd is null ? CompressBySnappy(record, start) : CompressByZstd(record, start);
        if (length >= record.Length)
            return 0;
        statistics.CountSaved(record.Length - length);
        return length;
    }

    private int CompressBySnappy(ReadOnlySpan<byte> record, int start)
    {
        Reserve(start, Snappy.MaxCompressedLength(record.Length));
        return Snappy.Compress(record, _compressed.AsSpan(start));
    }

    private int CompressByZstd(ReadOnlySpan<byte> record, int start)
    {
        ReadOnlySpan<byte> frame = _zstd!.Compress(record);
        Reserve(start, frame.Length);
        frame.CopyTo(_compressed.AsSpan(start));
        return frame.Length;
    }

    private void Reserve(int start, int length)
    {
        if (_compressed.Length - start < length)
            Array.Resize(ref _compressed, Math.Max(start + length, 2 * _compressed.Length));
    }
}
