using System.Runtime.InteropServices;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Snapshots;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Rebuilds the head from the log: the newest checkpoint, then the segments after it. A damaged log is repaired, that is, cut at
/// the damage, and replay ends there; a damaged checkpoint is an error. One thread reads, this one decodes and finds series, a third
/// one appends. Runs once, before the head is used.
/// </summary>
internal sealed class HeadReplay : IDisposable
{
    private readonly HeadState _head;
    private readonly IStorageDirectory _log;
    private readonly ReplaySeries _series;
    private readonly ReplayRowPool _rows;
    private readonly ReplayAppender _appender;
    private readonly ReplayPages _pages;
    private readonly ExemplarReplay _exemplars;
    private readonly ReplayTombstones _tombstones;
    private readonly CancellationToken _cancellationToken;
    private readonly WalSamples _floats = new();
    private readonly List<uint> _floatSlots = [];
    private ReplayHistograms _histograms;

    private HeadReplay(HeadState head, IStorageDirectory log, LoadedChunks? chunks, CancellationToken cancellationToken)
    {
        _head = head;
        _log = log;
        _cancellationToken = cancellationToken;
        _series = new ReplaySeries(head, chunks);
        _rows = new ReplayRowPool(head.Allocator, head.Options.Replay);
        _appender = new ReplayAppender(head, _rows);
        _pages = new ReplayPages(_appender, _rows, head.Options.Replay);
        _exemplars = new ExemplarReplay(head, _series);
        _tombstones = new ReplayTombstones(head, _series);
        _histograms = _appender.TakeHistograms();
    }

    /// <summary>Replays a log directory.</summary>
    /// <returns>What was found out about the log's series.</returns>
    /// <exception cref="StorageException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The log could not be read or repaired.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ReplaySeries Run(HeadState head, IStorageDirectory log, CancellationToken cancellationToken)
    {
        LoadedChunks? chunks = LoadChunks(head);
        using var replay = new HeadReplay(head, log, chunks, cancellationToken);
        EpochPin pin = head.Epochs.Pin();
        head.Index.DeferPostings();
        try
        {
            replay.Run(hasAllChunks: chunks is { AreAll: true });
            head.Index.BuildPostings();
        }
        finally
        {
            // The appending thread must be done before the pin is given back.
            replay.Dispose();
            head.Epochs.Unpin(pin);
        }

        ReplaySeries series = replay._series;
        if (series.UnknownSamples + series.UnknownExemplars + series.UnknownTombstones > 0)
        {
            head.Options.Warned?.Invoke(
                $"Unknown series references: samples={series.UnknownSamples} exemplars={series.UnknownExemplars} "
                + $"tombstones={series.UnknownTombstones}");
        }

        return series;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _appender.Dispose();
        _rows.Dispose();
    }

    private static LoadedChunks? LoadChunks(HeadState head)
    {
        if (head.ChunkFiles is not { } files)
            return null;
        LoadedChunks loaded = LoadedChunks.Scan(head, files);
        if (loaded.Damage is not { } damage)
            return loaded;
        HeadCounters.Add(ref head.Counters.ChunkFileCorruptions, 1);
        head.Options.Warned?.Invoke("Loading on-disk chunks failed, their samples are read from the WAL: " + damage.Message);
        return loaded;
    }

    private void Run(bool hasAllChunks)
    {
        SnapshotPlace from = hasAllChunks ? LoadSnapshot() : SnapshotPlace.None;
        int checkpoint = from.Exists ? -1 : ReplayCheckpoint();
        TsdbCorruptionException? damage = ReplaySegments(Math.Max(checkpoint + 1, from.Segment), from.Offset);
        HandOver();
        _appender.Finish();
        new SealedNewestSamples(_head).Count();
        _tombstones.Finish();
        if (damage is not null)
            Repair(damage);
    }

    // Without all full chunks in files a snapshot, which has only the newest ones, would leave holes.
    private SnapshotPlace LoadSnapshot()
    {
        if (_head.SnapshotRoot is not { } data)
            return SnapshotPlace.None;
        SnapshotPlace place = ChunkSnapshots.FindUsable(data, _log, _head.Options.Warned);
        if (!place.Exists)
            return place;
        try
        {
            new SnapshotLoader(_head, _series, _exemplars, _tombstones, _cancellationToken).Load(data.GetDirectory(place.Name));
            return place;
        }
        catch (StorageException e)
        {
            HeadCounters.Add(ref _head.Counters.SnapshotsFailed, 1);
            _head.Options.Warned?.Invoke("Failed to load chunk snapshot: " + e.Message);
            return SnapshotPlace.None;
        }
    }

    // Returns the last segment that the checkpoint stands for, or -1 without one.
    private int ReplayCheckpoint()
    {
        if (WalCheckpoints.FindLast(_log) is not { } checkpoint)
            return -1;
        try
        {
            IStorageDirectory directory = WalCheckpoints.Open(_log, checkpoint);
            using ReplayReader reader = Read(directory, new WalRange(directory));
            Replay(reader, _ => { });
        }
        catch (TsdbCorruptionException e)
        {
            throw new StorageException("backfill checkpoint: " + e.Message, e);
        }

        return checkpoint;
    }

    // Returns the damage that it came to, if any.
    private TsdbCorruptionException? ReplaySegments(int first, long offset)
    {
        IReadOnlyList<int> segments = WalSegments.List(_log);
        int last = segments.Count == 0 ? first - 1 : segments[^1];
        if (last < first)
            return null;
        first = Math.Max(first, segments[0]);
        using ReplayReader reader = Read(_log, new WalRange(_log, first, FirstOffset: offset));
        try
        {
            Replay(reader, current => _head.Options.Replaying?.Invoke(new WalReplayProgress(first, last, current)));
            return null;
        }
        catch (TsdbCorruptionException e)
        {
            return e.Segment >= 0 ? e : reader.Locate(e);
        }
    }

    private void Repair(TsdbCorruptionException damage)
    {
        _head.Options.Warned?.Invoke("Encountered WAL read error, attempting repair: " + damage.Message);
        WalRepairResult result = WalRepair.Repair(_log, damage);
        HeadCounters.Add(ref _head.Counters.WalCorruptions, 1);
        _head.Options.Warned?.Invoke(
            $"WAL repaired: segment={result.Segment} kept_bytes={result.KeptBytes} cut_bytes={result.CutBytes} "
            + $"deleted_segments={result.DeletedSegments.Count}");
    }

    private ReplayReader Read(IStorageDirectory directory, WalRange range) =>
        new(new WalReader(range), directory.FullName, _head.Options.Replay.BlockBytes);

    private void Replay(ReplayReader reader, Action<int> segmentBegins)
    {
        int segment = -1;
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (reader.Segment != segment)
                segmentBegins(segment = reader.Segment);
            Decode(record);
        }
    }

    // Types of later versions are passed over.
    private void Decode(ReadOnlySpan<byte> record)
    {
        switch (WalRecord.TypeOf(record))
        {
            case WalRecordType.Series:
                _series.Add(record);
                break;
            case WalRecordType.Samples or WalRecordType.SamplesV2:
                DecodeFloats(record);
                break;
            case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples or WalRecordType.HistogramSamplesV2:
                DecodeHistograms(record);
                break;
            case WalRecordType.FloatHistogramSamples or WalRecordType.CustomBucketsFloatHistogramSamples
                or WalRecordType.FloatHistogramSamplesV2:
                DecodeFloatHistograms(record);
                break;
            case WalRecordType.Exemplars:
                _exemplars.Add(record);
                break;
            case WalRecordType.Metadata:
                _series.AddMetadata(record);
                break;
            case WalRecordType.Tombstones:
                DecodeTombstones(record);
                break;
        }
    }

    // Floats and histograms of a series are appended in the order of the log: what is of the other kind and waits goes first.
    private void DecodeFloats(ReadOnlySpan<byte> record)
    {
        HandOverHistograms();
        _floats.Clear();
        _floatSlots.Clear();
        SampleRecords.Decode(record, _floats);
        _series.FindSlots(_floatSlots, _floats.Series, _floats.TimesMs, _floats.Count);
        _pages.Add(_floats, CollectionsMarshal.AsSpan(_floatSlots));
    }

    private void DecodeHistograms(ReadOnlySpan<byte> record)
    {
        _pages.HandOverAll();
        if (_histograms.Floats.Count > 0 || _histograms.IsFull)
            HandOverHistograms();
        WalHistograms<Histogram> rows = _histograms.Integers;
        HistogramRecords.Decode(record, rows);
        _series.FindSlots(_histograms.IntegerSlots, rows.Series, rows.TimesMs, rows.Count);
    }

    private void DecodeFloatHistograms(ReadOnlySpan<byte> record)
    {
        _pages.HandOverAll();
        if (_histograms.IsFull)
            HandOverHistograms();
        WalHistograms<FloatHistogram> rows = _histograms.Floats;
        HistogramRecords.Decode(record, rows);
        _series.FindSlots(_histograms.FloatSlots, rows.Series, rows.TimesMs, rows.Count);
    }

    // What the log has of a series up to its end must have arrived where it is taken away.
    private void DecodeTombstones(ReadOnlySpan<byte> record)
    {
        _tombstones.Add(record);
        if (!_tombstones.HasLeaving)
            return;
        HandOver();
        _appender.Drain();
        _tombstones.Evict();
    }

    private void HandOver()
    {
        _pages.HandOverAll();
        HandOverHistograms();
    }

    private void HandOverHistograms()
    {
        if (_histograms.IsEmpty)
            return;
        _appender.Append(_histograms);
        _histograms = _appender.TakeHistograms();
    }
}
