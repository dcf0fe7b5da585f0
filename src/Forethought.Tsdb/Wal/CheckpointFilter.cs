using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Copies records to a checkpoint without what is not needed any more: series that are gone, samples, exemplars and tombstones that
/// are too old, metadata that was replaced. Not thread-safe.
/// </summary>
/// <param name="keepsSeries">Whether a series is still needed; its answer must not change meanwhile.</param>
/// <param name="minTimeMs">The first time still needed.</param>
/// <param name="tombstonesFromMs">The first time of which deletions are still needed.</param>
/// <param name="writesStartTimes">Whether samples are written with their start timestamps, in records of version 2.</param>
/// <param name="result">Where the counts go.</param>
internal sealed class CheckpointFilter(
    Func<SeriesRef, bool> keepsSeries, long minTimeMs, long tombstonesFromMs, bool writesStartTimes, CheckpointResult result)
{
    private readonly WalSamples _samples = new();
    private readonly WalHistograms<Histogram> _histograms = new();
    private readonly WalHistograms<FloatHistogram> _floatHistograms = new();
    private readonly Dictionary<SeriesRef, byte[]> _metadata = [];
    private readonly RecordBuffer _metadataEntry = new();

    /// <summary>Adds what is left of a record to <paramref name="into"/>.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged.</exception>
    public void Copy(ReadOnlySpan<byte> record, RecordBuffer into)
    {
        switch (WalRecord.TypeOf(record))
        {
            case WalRecordType.Series:
                CopySeries(record, into);
                break;
            case WalRecordType.Samples or WalRecordType.SamplesV2:
                CopySamples(record, into);
                break;
            case WalRecordType.Tombstones:
                CopyTombstones(record, into);
                break;
            case WalRecordType.Exemplars:
                CopyExemplars(record, into);
                break;
            case WalRecordType.Metadata:
                NoteMetadata(record);
                break;
            case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples or WalRecordType.HistogramSamplesV2:
                CopyHistograms<Histogram, IntegerHistogramCodec>(record, _histograms, into);
                break;
            case WalRecordType.FloatHistogramSamples
                or WalRecordType.CustomBucketsFloatHistogramSamples
                or WalRecordType.FloatHistogramSamplesV2:
                CopyHistograms<FloatHistogram, FloatHistogramCodec>(record, _floatHistograms, into);
                break;
            default:
                result.SkippedRecords++;
                break;
        }
    }

    /// <summary>Adds the latest metadata of all series, as one record.</summary>
    public void WriteMetadata(RecordBuffer into)
    {
        if (_metadata.Count == 0)
            return;
        into.Begin(WalRecordType.Metadata);
        foreach (byte[] entry in _metadata.Values)
        {
            entry.CopyTo(into.Reserve(entry.Length));
            into.Advance(entry.Length);
        }

        into.End();
    }

    private void CopySeries(ReadOnlySpan<byte> record, RecordBuffer into)
    {
        int kept = 0;
        for (var series = new SeriesRecord(record); series.MoveNext();)
        {
            result.TotalSeries++;
            if (!keepsSeries(series.Series))
            {
                result.DroppedSeries++;
                continue;
            }

            if (kept++ == 0)
                into.Begin(WalRecordType.Series);
            SeriesRecord.Write(into, series.Series, series.PackedLabels);
        }

        if (kept > 0)
            into.End();
    }

    private void CopySamples(ReadOnlySpan<byte> record, RecordBuffer into)
    {
        _samples.Clear();
        SampleRecords.Decode(record, _samples);
        result.TotalSamples += _samples.Count;
        result.DroppedSamples += _samples.DropBefore(minTimeMs);
        int count = _samples.Count;
        if (count == 0)
            return;
        if (writesStartTimes)
        {
            ReadOnlySpan<long> starts = _samples.RequireStartTimes().AsSpan(0, count);
            SampleRecords.EncodeV2(into, _samples.Series.AsSpan(0, count), _samples.TimesMs, _samples.Values, starts);
        }
        else
        {
            SampleRecords.Encode(into, _samples.Series.AsSpan(0, count), _samples.TimesMs, _samples.Values);
        }
    }

    private void CopyHistograms<THistogram, TCodec>(ReadOnlySpan<byte> record, WalHistograms<THistogram> rows, RecordBuffer into)
        where THistogram : class, new()
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        rows.Clear();
        HistogramRecords.Decode<THistogram, TCodec>(record, rows);
        result.TotalSamples += rows.Count;
        result.DroppedSamples += rows.DropBefore(minTimeMs);
        if (rows.Count == 0)
            return;
        ReadOnlySpan<THistogram> histograms = rows.Histograms.AsSpan(0, rows.Count);
        if (writesStartTimes)
            HistogramRecords.EncodeV2<THistogram, TCodec>(into, rows.Series, rows.TimesMs, histograms, rows.StartTimesMs);
        else
            HistogramRecords.Encode<THistogram, TCodec>(into, rows.Series, rows.TimesMs, histograms);
    }

    private void CopyTombstones(ReadOnlySpan<byte> record, RecordBuffer into)
    {
        int kept = 0;
        for (var stone = new TombstoneRecord(record); stone.MoveNext();)
        {
            result.TotalTombstones++;
            if (stone.MaxTimeMs < tombstonesFromMs || !keepsSeries(stone.Series))
            {
                result.DroppedTombstones++;
                continue;
            }

            if (kept++ == 0)
                into.Begin(WalRecordType.Tombstones);
            TombstoneRecord.Write(into, stone.Series, stone.MinTimeMs, stone.MaxTimeMs);
        }

        if (kept > 0)
            into.End();
    }

    private void CopyExemplars(ReadOnlySpan<byte> record, RecordBuffer into)
    {
        (SeriesRef Series, long TimeMs) first = default;
        int kept = 0;
        for (var exemplar = new ExemplarRecord(record); exemplar.MoveNext();)
        {
            result.TotalExemplars++;
            if (exemplar.TimeMs < minTimeMs)
            {
                result.DroppedExemplars++;
                continue;
            }

            if (kept++ == 0)
            {
                first = (exemplar.Series, exemplar.TimeMs);
                into.Begin(WalRecordType.Exemplars);
                ExemplarRecord.WriteHead(into, first.Series, first.TimeMs);
            }

            ExemplarRecord.Write(into, first, exemplar.Series, exemplar.TimeMs, exemplar.Value, exemplar.PackedLabels);
        }

        if (kept > 0)
            into.End();
    }

    private void NoteMetadata(ReadOnlySpan<byte> record)
    {
        for (var metadata = new MetadataRecord(record); metadata.MoveNext();)
        {
            result.TotalMetadata++;
            if (!keepsSeries(metadata.Series))
            {
                result.DroppedMetadata++;
                continue;
            }

            _metadataEntry.Clear();
            MetadataRecord.Write(_metadataEntry, metadata.Series, metadata.MetricType, metadata.Unit, metadata.Help);
            _metadataEntry.End();
            if (_metadata.ContainsKey(metadata.Series))
                result.DroppedMetadata++;
            _metadata[metadata.Series] = _metadataEntry[0].ToArray();
        }
    }
}
