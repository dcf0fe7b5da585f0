using System.Runtime.InteropServices;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The samples of a transaction. Each kind has its own columns, records and chunks, and yet the samples of a series keep their order:
/// the rows are cut into parts in which a series has one kind only, except that floats may stand before its histograms, because a
/// part is logged and written floats first. Normally there is one part. Upstream cuts its batches at the same places. Reused.
/// </summary>
internal sealed class StagedSamples(HeadState head)
{
    private readonly StagedFloats _floats = new(head.Options.StoresStartTimes);
    private readonly StagedHistograms<Histogram> _histograms = new();
    private readonly StagedHistograms<FloatHistogram> _floatHistograms = new();

    // The parts that are cut off. The last part begins where the last of them ends.
    private readonly List<StagedPart> _parts = [];

    // By slot, the kind of histograms that a series has in the last part.
    private readonly Dictionary<uint, StagedKind> _kinds = [];

    /// <summary>Rows of all kinds.</summary>
    public int Count => _floats.Count + _histograms.Count + _floatHistograms.Count;

    /// <summary>The stale marker as a histogram, if the last sample staged for the series is one; else null.</summary>
    public object? StaleMarkerFor(uint slot)
    {
        if (!_kinds.TryGetValue(slot, out StagedKind kind))
            return null;
        return kind is StagedKind.Histogram or StagedKind.CustomBucketHistogram ? StaleHistograms.Integers : StaleHistograms.Floats;
    }

    /// <summary>Adds a float; its start timestamp is 0 for none.</summary>
    public void Add(uint slot, SeriesRef series, long timeMs, double value, long startMs)
    {
        if (_kinds.Count != 0 && _kinds.ContainsKey(slot))
            Cut();
        _floats.Add(slot, series, timeMs, value, startMs);
    }

    /// <summary>Adds a copy of a <see cref="Histogram"/> or <see cref="FloatHistogram"/>.</summary>
    public void Add(uint slot, SeriesRef series, long timeMs, object histogram, long startMs)
    {
        if (histogram is Histogram integers)
        {
            Follow(slot, integers.UsesCustomBuckets ? StagedKind.CustomBucketHistogram : StagedKind.Histogram);
            integers.CopyTo(_histograms.Next());
            _histograms.Complete(slot, series, timeMs, startMs);
            return;
        }

        var floats = (FloatHistogram)histogram;
        Follow(slot, floats.UsesCustomBuckets ? StagedKind.CustomBucketFloatHistogram : StagedKind.FloatHistogram);
        floats.CopyTo(_floatHistograms.Next());
        _floatHistograms.Complete(slot, series, timeMs, startMs);
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        _floats.Clear();
        _histograms.Clear();
        _floatHistograms.Clear();
        _parts.Clear();
        _kinds.Clear();
    }

    /// <summary>Writes the log's records.</summary>
    public void Encode(RecordBuffer records)
    {
        foreach (StagedPart part in CollectionsMarshal.AsSpan(_parts))
            Encode(part, records);
        Encode(LastPart(), records);
    }

    /// <summary>Appends the rows to their series; those that have become late go to <paramref name="late"/>.</summary>
    public void Write(StagedOutOfOrder late, ref TransactionMark mark)
    {
        foreach (StagedPart part in CollectionsMarshal.AsSpan(_parts))
            Write(part, late, ref mark);
        Write(LastPart(), late, ref mark);
    }

    private void Follow(uint slot, StagedKind kind)
    {
        ref StagedKind known = ref CollectionsMarshal.GetValueRefOrAddDefault(_kinds, slot, out bool isKnown);
        if (isKnown && known != kind)
        {
            Cut();
            _kinds.Add(slot, kind);
            return;
        }

        known = kind;
    }

    private void Cut()
    {
        _parts.Add(LastPart());
        _kinds.Clear();
    }

    private StagedPart LastPart() =>
        (_parts.Count == 0 ? default : _parts[^1].Next).Until(_floats.Count, _histograms.Count, _floatHistograms.Count);

    private void Encode(in StagedPart part, RecordBuffer records)
    {
        EncodeFloats(part.Floats, records);
        Encode<Histogram, IntegerHistogramCodec>(_histograms.Rows, part.Histograms, records);
        Encode<FloatHistogram, FloatHistogramCodec>(_floatHistograms.Rows, part.FloatHistograms, records);
    }

    private void EncodeFloats(Range range, RecordBuffer records)
    {
        ReadOnlySpan<SeriesRef> series = _floats.Series.AsSpan(range);
        if (series.IsEmpty)
            return;
        ReadOnlySpan<long> times = _floats.TimesMs.AsSpan(range);
        ReadOnlySpan<double> values = _floats.Values.AsSpan(range);
        if (_floats.StartTimesMs is { } starts)
            SampleRecords.EncodeV2(records, series, times, values, starts.AsSpan(range));
        else
            SampleRecords.Encode(records, series, times, values);
    }

    private void Encode<THistogram, TCodec>(WalHistograms<THistogram> rows, Range range, RecordBuffer records)
        where THistogram : class, new()
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        ReadOnlySpan<SeriesRef> series = rows.Series.AsSpan(range);
        if (series.IsEmpty)
            return;
        ReadOnlySpan<long> times = rows.TimesMs.AsSpan(range);
        ReadOnlySpan<THistogram> histograms = rows.Histograms.AsSpan(range);
        if (head.Options.StoresStartTimes)
            HistogramRecords.EncodeV2<THistogram, TCodec>(records, series, times, histograms, rows.StartTimesMs.AsSpan(range));
        else
            HistogramRecords.Encode<THistogram, TCodec>(records, series, times, histograms);
    }

    private void Write(in StagedPart part, StagedOutOfOrder late, ref TransactionMark mark)
    {
        _floats.Write(head, part.Floats, late, ref mark);
        _histograms.Write(head, part.Histograms, late, ref mark);
        _floatHistograms.Write(head, part.FloatHistograms, late, ref mark);
    }
}
