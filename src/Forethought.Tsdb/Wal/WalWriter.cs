using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Writes records into the segments of a log. Commits are staged in memory and then handed to the operating system in one write;
/// if that fails, the segment is cut back to the end of the last good record and the log goes on. Used from one thread.
/// </summary>
/// <remarks>
/// A commit that fits a segment never spans two, so that what a failed write left can always be cut off as a whole. Only a commit
/// larger than a segment is spread over several; if that fails midway, its first records stay.
/// </remarks>
internal sealed class WalWriter : IDisposable
{
    private readonly IStorageDirectory _directory;
    private readonly WalOptions _options;
    private readonly RecordCompressor _compressor;
    private readonly SegmentRetirer _retirer;
    private IStorageFile? _file;
    private byte[] _staged = new byte[2 * WalFormat.PageSize];
    private int _stagedLength;

    // Where the last record that was acknowledged ends; the next write goes there.
    private long _position;

    // Whether the segment may hold bytes beyond _position that a failed write left.
    private bool _isTailDirty;

    /// <summary>Opens a log for writing, in a new segment after those that exist.</summary>
    /// <exception cref="IOException">The segment cannot be created.</exception>
    public WalWriter(IStorageDirectory directory, WalOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentSize, WalFormat.PageSize);
        if (options.SegmentSize % WalFormat.PageSize != 0)
            throw new ArgumentException("invalid segment size", nameof(options));
        _directory = directory;
        _options = options;
        _compressor = new RecordCompressor(options.Compression, Statistics);
        _retirer = new SegmentRetirer(directory, options);
        IReadOnlyList<int> segments = WalSegments.List(directory);
        Segment = segments.Count == 0 ? 0 : segments[^1] + 1;
        _file = directory.Create(WalFormat.SegmentName(Segment));
        SyncFirstName();
        Statistics.SetSegment(Segment);
    }

    /// <summary>The number of the segment being written.</summary>
    public int Segment { get; private set; }

    /// <summary>Where the next record goes in that segment.</summary>
    public long Position => _position + _stagedLength;

    /// <summary>Bytes waiting for <see cref="WriteStaged"/>.</summary>
    public int StagedBytes => _stagedLength;

    /// <summary>What the log has done.</summary>
    public WalStatistics Statistics { get; } = new();

    private IStorageFile File => _file ?? throw new ObjectDisposedException(nameof(WalWriter), "wlog is closed");

    /// <summary>
    /// Adds the records of a commit to those that wait for <see cref="WriteStaged"/>; cuts the segment if they do not fit.
    /// </summary>
    /// <returns>False, with nothing added, if what waits has to be written first.</returns>
    /// <exception cref="IOException">The segment could not be cut; the commit is not staged.</exception>
    public bool TryStage(RecordBuffer commit)
    {
        RepairTail();
        _compressor.Load(commit);
        long end = Position;
        for (int i = 0; i < _compressor.Count; i++)
            end = WalFormat.EndAfter(end, _compressor[i].Length);
        if (end > _options.SegmentSize && Position > 0)
        {
            if (_stagedLength > 0)
                return false;
            CutSegment();
        }

        int stagedBefore = _stagedLength;
        try
        {
            for (int i = 0; i < _compressor.Count; i++)
                StageRecord(_compressor[i], _compressor.FlagOf(i));
        }
        catch
        {
            _stagedLength = stagedBefore;
            throw;
        }

        return true;
    }

    /// <summary>Hands the staged records to the operating system. They are gone from the stage, whether it succeeds or not.</summary>
    /// <exception cref="IOException">
    /// The write failed, all of it: the segment ends where it ended before, or will before anything else is written.
    /// </exception>
    public void WriteStaged()
    {
        int length = _stagedLength;
        if (length == 0)
            return;
        _stagedLength = 0;
        try
        {
            RepairTail();
            _isTailDirty = true;
            File.Write(_staged.AsSpan(0, length), _position);
        }
        catch
        {
            Statistics.CountFailure();
            TryRepairTail();
            throw;
        }

        _isTailDirty = false;
        Statistics.CountWrite(_position, _position + length);
        _position += length;
    }

    /// <summary>Writes what is staged, ends the segment and starts the next one.</summary>
    /// <returns>The number of the new segment.</returns>
    public int CutSegment()
    {
        WriteStaged();
        RepairTail();
        PadPage();
        IStorageFile next = _directory.Create(WalFormat.SegmentName(Segment + 1));
        IStorageFile previous = File;
        _file = next;
        _position = 0;
        Segment++;
        Statistics.SetSegment(Segment);
        _retirer.Retire(previous);
        return Segment;
    }

    /// <summary>Writes what is staged and returns once all of the log is on stable storage.</summary>
    public void Sync()
    {
        WriteStaged();
        _retirer.Drain();
        _retirer.Sync(File);

        // The segment's own entry must not be lost either.
        _directory.Sync();
    }

    /// <summary>Writes and syncs what is left and closes the segment. The first failure is thrown after everything was tried.</summary>
    public void Close()
    {
        if (_file is null)
            return;
        try
        {
            WriteStaged();
            RepairTail();
            PadPage();
            Sync();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Closes the segment as it is: what is staged is lost.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _retirer.Dispose();
    }

    // A later segment must not be there after a power loss without this one, nor without those that a killed process left.
    private void SyncFirstName()
    {
        try
        {
            _directory.Sync();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void StageRecord(ReadOnlySpan<byte> record, byte flag)
    {
        // Only reached in the middle of a commit that is larger than a segment.
        if (WalFormat.EndAfter(Position, record.Length) > _options.SegmentSize && Position > 0)
            CutSegment();
        bool isFirst = true;
        do
        {
            int room = WalFormat.PageSize - (int)(Position % WalFormat.PageSize) - WalFormat.HeaderSize;
            ReadOnlySpan<byte> part = record[..Math.Min(record.Length, room)];
            record = record[part.Length..];
            byte type = (isFirst, record.IsEmpty) switch
            {
                (true, true) => WalFormat.Full,
                (true, false) => WalFormat.First,
                (false, true) => WalFormat.Last,
                _ => WalFormat.Middle,
            };
            StageFragment((byte)(type | flag), part);
            isFirst = false;
        }
        while (!record.IsEmpty);
    }

    private void StageFragment(byte header, ReadOnlySpan<byte> part)
    {
        int size = (int)(WalFormat.AfterFragment(Position, part.Length) - Position);
        if (_staged.Length - _stagedLength < size)
            Array.Resize(ref _staged, Math.Max(2 * _staged.Length, _stagedLength + size));
        Span<byte> place = _staged.AsSpan(_stagedLength, size);
        place[0] = header;
        BinaryPrimitives.WriteUInt16BigEndian(place[1..], (ushort)part.Length);
        BinaryPrimitives.WriteUInt32BigEndian(place[3..], Crc32C.Compute(part));
        part.CopyTo(place[WalFormat.HeaderSize..]);
        place[(WalFormat.HeaderSize + part.Length)..].Clear();
        _stagedLength += size;
        Statistics.CountFragment(WalFormat.HeaderSize + part.Length);
    }

    /// <summary>Fills the last page with zeros, which takes no space on the disk and so works on a full one.</summary>
    private void PadPage()
    {
        long rest = _position % WalFormat.PageSize;
        if (rest == 0)
            return;
        long padded = _position + WalFormat.PageSize - rest;
        File.SetLength(padded);
        Statistics.CountWrite(_position, padded);
        _position = padded;
    }

    private void RepairTail()
    {
        if (!_isTailDirty)
            return;
        File.SetLength(_position);
        _isTailDirty = false;
    }

    /// <summary>Cuts off at once if possible; the next write tries again before it writes.</summary>
    private void TryRepairTail()
    {
        try
        {
            RepairTail();
        }
        catch (IOException)
        {
            // The caller throws the failure that led here.
        }
    }
}
