using Forethought.Storage;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tombstones;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Snapshots;

/// <summary>
/// Writes a snapshot of a head that nobody uses any more, after its log was closed: the open chunk of each series and the exemplars. Full
/// chunks must be in files.
/// </summary>
internal sealed class SnapshotWriter
{
    /// <summary>What the record of tombstones begins with.</summary>
    public const byte TombstonesVersion = 1;

    private const int PortionBytes = 1 << 20;

    // As upstream.
    private const int ExemplarsPerRecord = 10_000;

    private readonly HeadState _head;
    private readonly RecordBuffer _portion = new();
    private readonly ChunkRows _rows = new();
    private readonly List<MovableChunk> _unmoved = [];
    private readonly WalWriter _writer;
    private byte[] _packed = new byte[512];
    private byte[] _chunk = new byte[1024];

    private SnapshotWriter(HeadState head, WalWriter writer)
    {
        _head = head;
        _writer = writer;
    }

    /// <summary>Writes a snapshot and deletes the older ones. It appears under its name only when it is whole and on stable storage.</summary>
    /// <param name="head">The head.</param>
    /// <param name="data">The data directory.</param>
    /// <param name="place">Where the log ends.</param>
    /// <exception cref="IOException">It could not be written; what there was is as it was.</exception>
    /// <exception cref="StorageException">The head has a full chunk in memory, which the snapshot would lose.</exception>
    public static void Write(HeadState head, IStorageDirectory data, SnapshotPlace place)
    {
        try
        {
            IStorageDirectory directory = data.GetDirectory(place.TemporaryName);
            using (var writer = new WalWriter(directory, new WalOptions { Compression = head.Options.WalCompression }))
            {
                new SnapshotWriter(head, writer).Write();
                writer.Close();
            }

            directory.Sync();
            data.Rename(place.TemporaryName, place.Name);
        }
        catch
        {
            TryDelete(data, place.TemporaryName);
            throw;
        }

        data.Sync();
        ChunkSnapshots.DeleteBefore(data, place);
    }

    private static void TryDelete(IStorageDirectory data, string temporary)
    {
        try
        {
            data.DeleteDirectory(temporary);
        }
        catch (IOException)
        {
            // The caller throws the failure that led here; what is left is deleted at the next start.
        }
    }

    private void Write()
    {
        EpochPin pin = _head.Epochs.Pin();
        try
        {
            for (uint slot = 0; slot < _head.Index.Series.Length; slot++)
                WriteSeries(slot);
        }
        finally
        {
            _head.Epochs.Unpin(pin);
        }

        WriteTombstones();
        WriteExemplars();
        Flush();
    }

    private void WriteSeries(uint slot)
    {
        HeadShard shard = _head.ShardOf(slot);
        lock (shard.Lock)
        {
            ref SeriesState state = ref _head.Index.Series.State(slot);
            ref SeriesEntry entry = ref _head.Index.Series.Entry(slot);

            // What the log does not name has no samples.
            if ((state.Flags & (SeriesFlags.Dead | SeriesFlags.Logged)) != SeriesFlags.Logged)
                return;
            SealedChain.CollectInMemory(shard, entry, _unmoved);
            if (_unmoved.Count > 0)
                throw new StorageException($"series {entry.Reference} has a full chunk that is not in a file");
            bool hasChunk = (state.Flags & SeriesFlags.Open) != 0;
            SnapshotSeries.WriteHead(_portion, entry.Reference, Pack(entry.PairSpan), hasChunk);
            if (hasChunk)
                WriteChunk(shard, ref state, entry.OpenMinTimeMs);
            _portion.End();
        }

        if (_portion.Length >= PortionBytes)
            Flush();
    }

    private void WriteChunk(HeadShard shard, ref SeriesState state, long minTimeMs)
    {
        int length = OpenChunk.ByteLength(shard, ref state);
        if (_chunk.Length < length)
            _chunk = new byte[2 * length];
        Span<byte> chunk = _chunk.AsSpan(0, length);
        OpenChunk.CopyTo(shard, ref state, chunk);
        ChunkEncoding encoding = OpenChunk.Encoding(shard, ref state);
        _rows.Decode(encoding, chunk);
        SnapshotSeries.WriteChunk(_portion, minTimeMs, OpenChunk.LastTimeMs(shard, ref state), encoding, chunk, _rows);
    }

    // One record, there also without deletions: the length, a version, and the deletions as in the file of a block.
    private void WriteTombstones()
    {
        var body = new RecordBuffer();
        body.WriteByte(TombstonesVersion);
        foreach ((ulong reference, TimeIntervals intervals) in _head.Tombstones.Current?.Series ?? [])
        {
            foreach (TimeInterval interval in intervals.Span)
            {
                body.WriteUvarint(reference);
                body.WriteVarint(interval.MinTimeMs);
                body.WriteVarint(interval.MaxTimeMs);
            }
        }

        body.End();
        _portion.WriteByte((byte)SnapshotRecordType.Tombstones);
        _portion.WriteText(body[0]);
        _portion.End();
    }

    private void WriteExemplars()
    {
        (SeriesRef Series, long TimeMs) first = default;
        int count = 0;
        _head.Exemplars.VisitInOrder((in ExemplarSeriesEntry series, in ExemplarEntry exemplar) =>
        {
            // Those of series that the head has no more are let go.
            if (!_head.Index.TryFind(series.PackedLabels, series.Hash, out uint slot))
                return;
            var reference = new SeriesRef(_head.Index.Series.Entry(slot).Reference);
            if (count == 0)
            {
                first = (reference, exemplar.TimeMs);
                _portion.WriteByte((byte)SnapshotRecordType.Exemplars);
                ExemplarRecord.WriteHead(_portion, first.Series, first.TimeMs);
            }

            ExemplarRecord.Write(_portion, first, reference, exemplar.TimeMs, exemplar.Value, exemplar.PackedLabels);
            if (++count < ExemplarsPerRecord)
                return;
            _portion.End();
            Flush();
            count = 0;
        });
        if (count > 0)
            _portion.End();
    }

    private ReadOnlySpan<byte> Pack(ReadOnlySpan<uint> pairs)
    {
        int length = _head.Index.Pairs.PackedLength(pairs);
        if (_packed.Length < length)
            _packed = new byte[2 * length];
        return _packed.AsSpan(0, _head.Index.Pairs.Pack(pairs, _packed));
    }

    private void Flush()
    {
        _writer.TryStage(_portion);
        _writer.WriteStaged();
        _portion.Clear();
    }
}
