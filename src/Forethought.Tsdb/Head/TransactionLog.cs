using Forethought.Storage;
using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>What a transaction writes into the head's logs: first of all the labels of series that the log does not name yet. Reused.</summary>
/// <param name="head">The head.</param>
/// <param name="lane">The way into the log; null without one.</param>
internal sealed class TransactionLog(HeadState head, CommitLane? lane)
{
    private readonly RecordBuffer _records = new();
    private readonly HashSet<uint> _unlogged = [];
    private byte[] _packed = new byte[256];

    /// <summary>Whether there is a log.</summary>
    public bool IsThere => lane is not null;

    /// <summary>Notes a series that the log does not name yet.</summary>
    public void AddSeries(uint slot) => _unlogged.Add(slot);

    /// <summary>Logs the transaction as a whole.</summary>
    /// <exception cref="IOException">The log could not be written: nothing of the transaction is in it.</exception>
    public ValueTask WriteAsync(StagedMetadata metadata, StagedSamples samples, StagedOutOfOrder outOfOrder, StagedExemplars exemplars)
    {
        if (_unlogged.Count > 0)
            EncodeSeries();
        metadata.Encode(_records);
        samples.Encode(_records);

        // Replay finds them too old; they are here for those who read the log to send it elsewhere.
        outOfOrder.Encode(_records);

        // After the samples: whoever reads the log sends the samples first, as exemplars need their series.
        exemplars.Encode(_records);
        return lane!.CommitAsync(_records);
    }

    /// <summary>
    /// Logs samples out of order in their own log. Before they are visible, as with the other log: what is acknowledged survives.
    /// </summary>
    /// <exception cref="IOException">The log could not be written.</exception>
    public ValueTask WriteOutOfOrderAsync(StagedOutOfOrder rows)
    {
        if (head.OutOfOrder.Log is not { } log)
            return ValueTask.CompletedTask;
        _records.Clear();
        rows.Encode(_records);
        return log.Lane.CommitAsync(_records);
    }

    /// <summary>
    /// Logs samples that found themselves out of order when they were written. They are visible already: as upstream, that the log has not
    /// got them cannot be the transaction's failure.
    /// </summary>
    public async ValueTask WriteLateAsync(StagedOutOfOrder rows)
    {
        try
        {
            await WriteOutOfOrderAsync(rows).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            head.Options.Warned?.Invoke("Failed to log out of order samples into the WAL: " + e.Message);
        }
    }

    /// <summary>Marks the series that were noted as named by the log, or as in need of no log.</summary>
    public void MarkSeries()
    {
        using var lease = new ShardLease(head.Shards);
        foreach (uint slot in _unlogged)
        {
            lease.MoveTo(slot);
            head.Index.Series.State(slot).Flags |= SeriesFlags.Logged;
        }
    }

    /// <summary>Forgets the transaction.</summary>
    public void Clear()
    {
        _records.Clear();
        _unlogged.Clear();
    }

    private void EncodeSeries()
    {
        _records.Begin(WalRecordType.Series);
        foreach (uint slot in _unlogged)
        {
            ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
            int length = head.Index.Pairs.PackedLength(entry.PairSpan);
            if (_packed.Length < length)
                _packed = new byte[length * 2];
            head.Index.Pairs.Pack(entry.PairSpan, _packed);
            SeriesRecord.Write(_records, new SeriesRef(entry.Reference), _packed.AsSpan(0, length));
        }

        _records.End();
    }
}
