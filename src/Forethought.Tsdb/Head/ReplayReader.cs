using System.Runtime.ExceptionServices;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Reads a log ahead: finds, checks and decompresses records on a thread of its own and hands them out, in order, on the caller's. What
/// goes wrong over there is thrown here, behind the records before it.
/// </summary>
internal sealed class ReplayReader : IDisposable
{
    private const int Blocks = 4;

    private readonly WalReader _log;
    private readonly string _directory;
    private readonly int _largeBytes;
    private readonly BatchRing<RecordBlock> _ring;
    private readonly Thread _thread;
    private RecordBlock? _block;
    private int _index = -1;

    /// <summary>Takes a log over and starts to read it.</summary>
    /// <param name="log">The log; disposed with this.</param>
    /// <param name="directory">The log's directory, for findings.</param>
    /// <param name="blockBytes">Bytes of records that are handed from thread to thread at a time.</param>
    public ReplayReader(WalReader log, string directory, int blockBytes)
    {
        _log = log;
        _directory = directory;
        _largeBytes = RecordBlock.LargeFactor * blockBytes;
        _ring = new BatchRing<RecordBlock>(Blocks, () => new RecordBlock(blockBytes));
        _thread = new Thread(Run) { IsBackground = true, Name = "wal-replay-read" };
        _thread.Start();
    }

    /// <summary>The segment of the current record.</summary>
    public int Segment => _block!.SegmentOf(_index);

    /// <summary>Moves to the next record and gives its bytes, valid until the next call; false behind the last one.</summary>
    /// <exception cref="TsdbCorruptionException">The log is damaged here.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        while (_block is null || ++_index == _block.Count)
        {
            if (!TryMoveToNextBlock())
            {
                record = default;
                return false;
            }
        }

        record = _block[_index];
        return true;
    }

    /// <summary>The place of the current record for a finding inside it: the record and all that follows is to be taken as damaged.</summary>
    public TsdbCorruptionException Locate(TsdbCorruptionException finding) => TsdbCorruptionException.InSegment(
        _directory, _block!.SegmentOf(_index), _block.OffsetOf(_index), finding.Message, finding.Expected, finding.Actual, inner: finding);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ring.Abandon();
        _thread.Join();
        _ring.Dispose();
        _log.Dispose();
    }

    private bool TryMoveToNextBlock()
    {
        if (_block is not null)
        {
            if (_block.Failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
            _block.Clear();
            _ring.GiveBack(_block);
        }

        _index = -1;
        _block = _ring.Receive();
        return _block is not null;
    }

    private void Run()
    {
        while (_ring.Take() is { } block)
        {
            bool isAtEnd = !Fill(block);
            _ring.HandOver(block);
            if (isAtEnd)
                break;
        }

        _ring.Complete();
    }

    // False once nothing follows.
    private bool Fill(RecordBlock block)
    {
        try
        {
            while (!block.IsFull)
            {
                if (!_log.TryRead(out ReadOnlySpan<byte> record))
                    return false;

                // However large the records of a hostile log are, there is one copy of one of them.
                if (record.Length > _largeBytes)
                    _ring.WaitUntilReceived(held: 1);
                block.Add(record, _log.Segment, _log.RecordOffset);
            }

            return true;
        }
        catch (Exception e)
        {
            block.Failure = e;
            return false;
        }
    }
}
