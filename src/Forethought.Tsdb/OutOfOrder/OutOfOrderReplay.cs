using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tombstones;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// Brings samples that came out of order back from their log, after the write-ahead log was replayed, which names the series. A marker
/// says that all of a series up to there is in the head's chunk files, and counts if those were loaded. A deletion concerns what was
/// there before it. Damage is cut off. Runs once.
/// </summary>
internal sealed class OutOfOrderReplay
{
    private readonly HeadState _head;
    private readonly ReplaySeries _series;
    private readonly WalSamples _floats = new();
    private readonly WalHistograms<Histogram> _histograms = new();
    private readonly WalHistograms<FloatHistogram> _floatHistograms = new();
    private readonly HashSet<ulong> _unknown = [];

    private OutOfOrderReplay(HeadState head, ReplaySeries series)
    {
        _head = head;
        _series = series;
    }

    /// <summary>Replays the log.</summary>
    /// <param name="head">The head, whose series are there.</param>
    /// <param name="directory">The log's directory.</param>
    /// <param name="series">The series of the write-ahead log.</param>
    /// <param name="cancellationToken">Ends it; what is on disk is as it was.</param>
    /// <exception cref="StorageException">The log is damaged and cannot be repaired.</exception>
    /// <exception cref="IOException">The log could not be read or repaired.</exception>
    public static void Run(HeadState head, IStorageDirectory directory, ReplaySeries series, CancellationToken cancellationToken)
    {
        var replay = new OutOfOrderReplay(head, series);
        EpochPin pin = head.Epochs.Pin();
        try
        {
            if (replay.Replay(directory, cancellationToken) is { } damage)
                replay.Repair(directory, damage);
        }
        finally
        {
            head.Epochs.Unpin(pin);
        }

        replay.ReportUnknown();
    }

    // Returns the damage that it came to, if any.
    private TsdbCorruptionException? Replay(IStorageDirectory directory, CancellationToken cancellationToken)
    {
        using var reader = new WalReader(new WalRange(directory, 0));
        try
        {
            while (reader.TryRead(out ReadOnlySpan<byte> record))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Apply(record);
            }

            return null;
        }
        catch (TsdbCorruptionException e)
        {
            return e.Segment >= 0 ? e : reader.Locate(e);
        }
    }

    private void Repair(IStorageDirectory directory, TsdbCorruptionException damage)
    {
        HeadCounters.Add(ref _head.Counters.WalCorruptions, 1);
        _head.Options.Warned?.Invoke("Encountered WBL read error, attempting repair: " + damage.Message);
        try
        {
            WalRepair.Repair(directory, damage);
        }
        catch (StorageException e)
        {
            throw new StorageException("repair corrupted WBL: " + e.Message, e);
        }

        _head.Options.Warned?.Invoke("Successfully repaired WBL");
    }

    // A record is decoded as a whole before any of it counts: a damaged one is cut off.
    private void Apply(ReadOnlySpan<byte> record)
    {
        switch (WalRecord.TypeOf(record))
        {
            case WalRecordType.Samples or WalRecordType.SamplesV2:
                _floats.Clear();
                SampleRecords.Decode(record, _floats);
                InsertFloats();
                break;
            case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples or WalRecordType.HistogramSamplesV2:
                _histograms.Clear();
                HistogramRecords.Decode(record, _histograms);
                Insert(_histograms);
                break;
            case WalRecordType.FloatHistogramSamples or WalRecordType.CustomBucketsFloatHistogramSamples
                or WalRecordType.FloatHistogramSamplesV2:
                _floatHistograms.Clear();
                HistogramRecords.Decode(record, _floatHistograms);
                Insert(_floatHistograms);
                break;
            case WalRecordType.MmapMarkers:
                ApplyMarkers(record);
                break;
            case WalRecordType.Tombstones:
                ApplyDeletions(record);
                break;
        }
    }

    private void InsertFloats()
    {
        for (int i = 0; i < _floats.Count; i++)
        {
            if (TryFind(_floats.Series[i], _floats.TimesMs[i], out uint slot))
                Insert(slot, _floats.TimesMs[i], _floats.Values[i], null, _floats.StartTimesMs?[i] ?? 0);
            else
                HeadCounters.Add(ref _head.Counters.LateFloatsUnknown, 1);
        }
    }

    private void Insert<THistogram>(WalHistograms<THistogram> rows)
        where THistogram : class, new()
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (!TryFind(rows.Series[i], rows.TimesMs[i], out uint slot))
                HeadCounters.Add(ref _head.Counters.LateHistogramsUnknown, 1);
            else if (ReplayAppender.IsConsistent(rows.Histograms[i]))
                Insert(slot, rows.TimesMs[i], 0, rows.Histograms[i], rows.StartTimesMs[i]);
        }
    }

    private void ApplyMarkers(ReadOnlySpan<byte> record)
    {
        var markers = new List<SeriesRef>();
        for (var marker = new MmapMarkerRecord(record); marker.MoveNext();)
        {
            if (marker.ChunkRef <= _head.OutOfOrder.NewestLoadedChunk)
                markers.Add(marker.Series);
        }

        foreach (SeriesRef series in markers)
        {
            if (!TryFind(series, long.MinValue, out uint slot))
            {
                HeadCounters.Add(ref _head.Counters.LateMarkersUnknown, 1);
                continue;
            }

            lock (_head.ShardOf(slot).Lock)
                _head.OutOfOrder.DropBuffer(slot);
        }
    }

    // Of what the log has up to here, and of what was in files before it.
    private void ApplyDeletions(ReadOnlySpan<byte> record)
    {
        var deleted = new TombstoneSet();
        for (var stone = new TombstoneRecord(record); stone.MoveNext();)
        {
            if (_series.TryFindForOutOfOrder(stone.Series, stone.MaxTimeMs, out uint slot))
                deleted.Add(_head.Index.Series.Entry(slot).Reference, new TimeInterval(stone.MinTimeMs, stone.MaxTimeMs));
        }

        using var deletion = new OutOfOrderDeletion(_head);
        deletion.Apply(deleted);
    }

    private bool TryFind(SeriesRef series, long timeMs, out uint slot)
    {
        if (_series.TryFindForOutOfOrder(series, timeMs, out slot))
            return true;
        _unknown.Add(series.Value);
        return false;
    }

    private void Insert(uint slot, long timeMs, double value, object? histogram, long startMs)
    {
        lock (_head.ShardOf(slot).Lock)
            _head.OutOfOrder.Insert(slot, timeMs, value, histogram, _head.Options.StoresStartTimes ? startMs : 0);
    }

    private void ReportUnknown()
    {
        HeadCounters counters = _head.Counters;
        if (_unknown.Count == 0)
            return;
        HeadCounters.Add(ref counters.LateSeriesUnknown, _unknown.Count);
        _head.Options.Warned?.Invoke(
            $"Unknown series references for ooo WAL replay: series={_unknown.Count} samples={counters.LateFloatsUnknown} "
            + $"histograms={counters.LateHistogramsUnknown} mmap_markers={counters.LateMarkersUnknown}");
    }
}
