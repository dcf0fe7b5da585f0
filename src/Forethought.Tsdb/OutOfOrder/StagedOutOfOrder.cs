using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// The samples of a transaction that come out of order, as columns for the logs' encoder. Which of them were found to be late when they
/// were staged is known before the logs are written; others are found when they are written into chunks, because another
/// transaction was faster. Reused.
/// </summary>
internal sealed class StagedOutOfOrder(HeadState head)
{
    private const int MaxKept = 64 * 1024;

    // Most appenders never see a late sample. Nothing is ever added to these.
    private static readonly WalSamples NoFloats = new();
    private static readonly WalHistograms<Model.Histogram> NoHistograms = new();
    private static readonly WalHistograms<FloatHistogram> NoFloatHistograms = new();

    private readonly List<uint> _floatSlots = [];
    private readonly List<uint> _histogramSlots = [];
    private readonly List<uint> _floatHistogramSlots = [];
    private WalSamples _floats = NoFloats;
    private WalHistograms<Model.Histogram> _histograms = NoHistograms;
    private WalHistograms<FloatHistogram> _floatHistograms = NoFloatHistograms;

    /// <summary>What the transaction lets in out of order.</summary>
    public OutOfOrderRule Rule { get; set; }

    /// <summary>Rows of all kinds.</summary>
    public int Count => _floats.Count + _histograms.Count + _floatHistograms.Count;

    /// <summary>Adds a float.</summary>
    public void Add(uint slot, SeriesRef series, long timeMs, double value, long startMs)
    {
        if (_floats == NoFloats)
            _floats = new WalSamples();
        _floats.Reserve(1);
        _floats.Series[_floats.Count] = series;
        _floats.TimesMs[_floats.Count] = timeMs;
        if (startMs != 0)
            _floats.RequireStartTimes()[_floats.Count] = startMs;
        _floats.Values[_floats.Count++] = value;
        _floatSlots.Add(slot);
    }

    /// <summary>Adds a copy of a <see cref="Model.Histogram"/> or <see cref="FloatHistogram"/>.</summary>
    public void Add(uint slot, SeriesRef series, long timeMs, object histogram, long startMs)
    {
        if (histogram is Model.Histogram integers)
        {
            if (_histograms == NoHistograms)
                _histograms = new WalHistograms<Model.Histogram>();
            integers.CopyTo(_histograms.Next());
            _histograms.Complete(series, timeMs, startMs);
            _histogramSlots.Add(slot);
            return;
        }

        if (_floatHistograms == NoFloatHistograms)
            _floatHistograms = new WalHistograms<FloatHistogram>();
        ((FloatHistogram)histogram).CopyTo(_floatHistograms.Next());
        _floatHistograms.Complete(series, timeMs, startMs);
        _floatHistogramSlots.Add(slot);
    }

    /// <summary>
    /// Inserts and adds a float that turned out not to fit in order when it was to be written, or counts it as refused. The lock of the
    /// slot's shard is held.
    /// </summary>
    public void Settle(AppendOutcome outcome, uint slot, SeriesRef series, long timeMs, double value, long startMs)
    {
        if (StaleMarker.IsStale(value) && StaleHistograms.After(head.Index.Series.State(slot).Flags) is { } marker)
        {
            Settle(outcome, slot, series, timeMs, marker, startMs);
            return;
        }

        outcome = Rule.JudgeAgain(outcome, timeMs);
        if (outcome != AppendOutcome.Accepted)
        {
            head.Counters.NoteRefused(outcome, isHistogram: false);
            return;
        }

        if (!head.OutOfOrder.Insert(slot, timeMs, value, null, startMs))
            return;
        Add(slot, series, timeMs, value, startMs);
        head.Counters.NoteOutOfOrder(1, 0);
    }

    /// <summary>The same of a histogram.</summary>
    public void Settle(AppendOutcome outcome, uint slot, SeriesRef series, long timeMs, object histogram, long startMs)
    {
        outcome = Rule.JudgeAgain(outcome, timeMs);
        if (outcome != AppendOutcome.Accepted)
        {
            head.Counters.NoteRefused(outcome, isHistogram: true);
            return;
        }

        if (!head.OutOfOrder.Insert(slot, timeMs, 0, histogram, startMs))
            return;
        Add(slot, series, timeMs, histogram, startMs);
        head.Counters.NoteOutOfOrder(0, 1);
    }

    /// <summary>Writes the records, which are the same in both logs.</summary>
    public void Encode(RecordBuffer records)
    {
        EncodeFloats(records);
        Encode<Model.Histogram, IntegerHistogramCodec>(records, _histograms);
        Encode<FloatHistogram, FloatHistogramCodec>(records, _floatHistograms);
    }

    /// <summary>Inserts the rows into their series. Those that are there already are dropped.</summary>
    public void Insert()
    {
        using var lease = new ShardLease(head.Shards);
        int floats = 0, histograms = 0;
        for (int i = 0; i < _floats.Count; i++)
        {
            lease.MoveTo(_floatSlots[i]);
            floats += head.OutOfOrder.Insert(_floatSlots[i], _floats.TimesMs[i], _floats.Values[i], null, _floats.StartTimesMs?[i] ?? 0) ? 1 : 0;
        }

        for (int i = 0; i < _histograms.Count; i++)
        {
            lease.MoveTo(_histogramSlots[i]);
            histograms += head.OutOfOrder.Insert(
                _histogramSlots[i], _histograms.TimesMs[i], 0, _histograms.Histograms[i], _histograms.StartTimesMs[i]) ? 1 : 0;
        }

        for (int i = 0; i < _floatHistograms.Count; i++)
        {
            lease.MoveTo(_floatHistogramSlots[i]);
            histograms += head.OutOfOrder.Insert(
                _floatHistogramSlots[i],
                _floatHistograms.TimesMs[i],
                0,
                _floatHistograms.Histograms[i],
                _floatHistograms.StartTimesMs[i]) ? 1 : 0;
        }

        head.Counters.NoteOutOfOrder(floats, histograms);
    }

    /// <summary>Forgets all rows; of unusually many also their columns.</summary>
    public void Clear()
    {
        if (Count == 0)
            return;
        if (Count > MaxKept)
        {
            _floats = NoFloats;
            _histograms = NoHistograms;
            _floatHistograms = NoFloatHistograms;
        }

        _floats.Clear();
        _histograms.Clear();
        _floatHistograms.Clear();
        _floatSlots.Clear();
        _histogramSlots.Clear();
        _floatHistogramSlots.Clear();
    }

    private void EncodeFloats(RecordBuffer records)
    {
        int count = _floats.Count;
        if (count == 0)
            return;
        ReadOnlySpan<SeriesRef> series = _floats.Series.AsSpan(0, count);
        ReadOnlySpan<long> times = _floats.TimesMs.AsSpan(0, count);
        ReadOnlySpan<double> values = _floats.Values.AsSpan(0, count);
        if (head.Options.StoresStartTimes)
            SampleRecords.EncodeV2(records, series, times, values, _floats.RequireStartTimes().AsSpan(0, count));
        else
            SampleRecords.Encode(records, series, times, values);
    }

    private void Encode<THistogram, TCodec>(RecordBuffer records, WalHistograms<THistogram> rows)
        where THistogram : class, new()
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        if (rows.Count == 0)
            return;
        ReadOnlySpan<SeriesRef> series = rows.Series.AsSpan(0, rows.Count);
        ReadOnlySpan<long> times = rows.TimesMs.AsSpan(0, rows.Count);
        ReadOnlySpan<THistogram> histograms = rows.Histograms.AsSpan(0, rows.Count);
        if (head.Options.StoresStartTimes)
            HistogramRecords.EncodeV2<THistogram, TCodec>(records, series, times, histograms, rows.StartTimesMs.AsSpan(0, rows.Count));
        else
            HistogramRecords.Encode<THistogram, TCodec>(records, series, times, histograms);
    }
}
