using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tombstones;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Snapshots;

/// <summary>
/// Brings back a head from a snapshot, before the log is replayed from where it ends. The snapshot is read twice: everything in it is
/// checked first, so that a damaged one leaves no trace in the head. A chunk that is brought back is full, as in upstream: the next sample
/// begins another one.
/// </summary>
internal sealed class SnapshotLoader(
    HeadState head, ReplaySeries series, ExemplarReplay exemplars, ReplayTombstones tombstones, CancellationToken cancellationToken)
{
    private readonly ChunkRows _rows = new();
    private byte[] _scratch = [];
    private byte[] _record = [];
    private bool _hasTombstones;

    /// <summary>Checks and loads a snapshot.</summary>
    /// <exception cref="Storage.StorageException">
    /// It is damaged, lacks a segment, or has what is not understood; the head is as it was.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Load(IStorageDirectory snapshot)
    {
        Walk(snapshot, Check);

        // It is always there and comes after all series: without it the end is missing, even if the rest is whole.
        if (!_hasTombstones)
            TsdbCorruptionException.Throw($"chunk snapshot {snapshot.FullName} has no end", 0, "a record of tombstones", "none");
        Walk(snapshot, Load);
    }

    private delegate void RecordHandler(ReadOnlySpan<byte> record);

    private void Walk(IStorageDirectory snapshot, RecordHandler handle)
    {
        using var reader = new WalReader(new WalRange(snapshot));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                handle(record);
            }
            catch (TsdbCorruptionException e)
            {
                throw reader.Locate(e);
            }
        }
    }

    private void Check(ReadOnlySpan<byte> record)
    {
        switch (TypeOf(record))
        {
            case SnapshotRecordType.Series:
                CheckSeries(SnapshotSeries.Read(record, ref _scratch));
                break;
            case SnapshotRecordType.Tombstones:
                ReadTombstones(record, static (_, _) => { });
                _hasTombstones = true;
                break;
            case SnapshotRecordType.Exemplars:
                for (ExemplarRecord exemplar = ReadExemplars(record); exemplar.MoveNext();)
                {
                }

                break;
            default:
                string type = Convert.ToString(record.IsEmpty ? 0 : record[0], 2);
                TsdbCorruptionException.Throw($"unsupported snapshot record type 0b{type}", 0, "1 to 3", $"{type}");
                break;
        }
    }

    private void CheckSeries(SnapshotSeries stored)
    {
        if (stored.Reference is 0 or >= SeriesRefMap.Limit)
            TsdbCorruptionException.Throw($"series reference {stored.Reference} is out of range", 0, "1 to 2^40 - 1", $"{stored.Reference}");
        if (stored.Encoding == ChunkEncoding.None)
            return;
        _rows.Decode(stored.Encoding, stored.Chunk);
        ReadOnlySpan<long> times = _rows.TimesMs;
        if (times.IsEmpty || times[0] != stored.MinTimeMs || times[^1] != stored.MaxTimeMs)
            TsdbCorruptionException.Throw("chunk and its times differ", 0, $"{stored.MinTimeMs} to {stored.MaxTimeMs}", $"{times.Length} samples");
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] <= times[i - 1])
                TsdbCorruptionException.Throw("times of a chunk are out of order", 0, $"after {times[i - 1]}", $"{times[i]}");
        }

        if ((ulong)(stored.MaxTimeMs - stored.MinTimeMs) > (ulong)SealedChunk.MaxDurationMs || stored.Chunk.Length > SealedChunk.MaxLength)
            TsdbCorruptionException.Throw("chunk is too long", 0, $"at most {SealedChunk.MaxDurationMs} ms", $"{stored.Chunk.Length} bytes");
    }

    // Hands every deletion on; see SnapshotWriter.WriteTombstones for the format.
    private static void ReadTombstones(ReadOnlySpan<byte> record, Action<ulong, TimeInterval> found)
    {
        var outer = new RecordReader(record, 1);
        ReadOnlySpan<byte> body = outer.ReadText();
        if (body.IsEmpty || body[0] != SnapshotWriter.TombstonesVersion || !outer.IsAtEnd)
            TsdbCorruptionException.Throw("invalid tombstones in snapshot", 0, $"version {SnapshotWriter.TombstonesVersion}", $"{body.Length} bytes");
        for (var reader = new RecordReader(body, 1); !reader.IsAtEnd;)
        {
            ulong reference = reader.ReadUvarint();
            long minTimeMs = reader.ReadVarint();
            found(reference, new TimeInterval(minTimeMs, reader.ReadVarint()));
        }
    }

    private void Load(ReadOnlySpan<byte> record)
    {
        switch (TypeOf(record))
        {
            case SnapshotRecordType.Series:
                LoadSeries(SnapshotSeries.Read(record, ref _scratch));
                break;
            case SnapshotRecordType.Tombstones:
                ReadTombstones(record, tombstones.Restore);
                break;
            case SnapshotRecordType.Exemplars when head.Exemplars.Capacity > 0:
                exemplars.Add(ToLogRecord(record));
                break;
        }
    }

    private void LoadSeries(SnapshotSeries stored)
    {
        if (!series.TryRestore(stored.Reference, stored.PackedLabels, out uint slot)
            || stored.Encoding == ChunkEncoding.None
            || stored.MaxTimeMs < head.Bounds.MinValidTimeMs)
            return;
        HeadShard shard = head.ShardOf(slot);
        lock (shard.Lock)
        {
            // A run after the one that wrote the snapshot may have moved the chunk to a file.
            ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
            if (entry.Sealed != 0 && SealedChain.Newest(shard, entry).MaxTimeMs >= stored.MinTimeMs)
                return;
            ref SeriesState state = ref head.Index.Series.State(slot);
            SealedChunk chunk =
                SealedChunk.Make(stored.MinTimeMs, stored.MaxTimeMs, stored.Encoding, stored.Chunk.Length, previous: 0);
            stored.Chunk.CopyTo(SealedChain.Push(shard, ref entry, chunk));
            shard.NoteSealed(ref state, stored.Reference);
        }

        HeadCounters.Add(ref head.Counters.ChunksCreated, 1);
        head.Bounds.Include(stored.MinTimeMs, stored.MaxTimeMs);
    }

    private ExemplarRecord ReadExemplars(ReadOnlySpan<byte> record) => new(ToLogRecord(record));

    // Only the type differs.
    private ReadOnlySpan<byte> ToLogRecord(ReadOnlySpan<byte> record)
    {
        if (_record.Length < record.Length)
            _record = new byte[2 * record.Length];
        record.CopyTo(_record);
        _record[0] = (byte)WalRecordType.Exemplars;
        return _record.AsSpan(0, record.Length);
    }

    private static SnapshotRecordType TypeOf(ReadOnlySpan<byte> record) => record.IsEmpty ? default : (SnapshotRecordType)record[0];
}
