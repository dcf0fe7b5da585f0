using System.Runtime.CompilerServices;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// A transaction on the head. Rows are checked when they come and again when they are written, because another transaction may
/// have been faster; the second check drops silently, as upstream does. Commit: log, then chunks, then publish. Pooled.
/// </summary>
internal sealed class HeadAppender(HeadState head, CommitLane? lane, AppenderPool pool) : IAppender
{
    private const int PrefetchDistance = 12;

    private readonly StagedSamples _samples = new(head);
    private readonly StagedOutOfOrder _outOfOrder = new(head);

    // Rows that were staged in order and found themselves late when they were written.
    private readonly StagedOutOfOrder _late = new(head);
    private readonly StagedExemplars _exemplars = new(head);
    private readonly StagedMetadata _metadata = new(head);
    private readonly TransactionLog _log = new(head, lane);
    private readonly LinkedListNode<OpenAppend> _append = new(new OpenAppend());
    private PublishSignal _signal = new();
    private uint[] _slots = [];
    private EpochPin _pin;
    private long _appendableMin;
    private bool _discardsOutOfOrder;
    private bool _isOpen;
    private int _isLent;

    /// <summary>Begins a transaction.</summary>
    public void Open()
    {
        _pin = head.Epochs.Pin();
        head.Isolation.OpenAppend(_append);
        _isOpen = true;
        _isLent = 1;
        _appendableMin = long.MinValue;
        if (head.Bounds.MaxTimeMs != long.MinValue)
            SetLimits(0);
        HeadCounters.Add(ref head.Counters.ActiveAppenders, 1);
        HeadCounters.Add(ref head.Counters.AppendersCreated, 1);
    }

    /// <inheritdoc/>
    public SeriesRef GetOrCreate(ReadOnlySpan<byte> packedLabels, ulong hash, out bool created)
    {
        ThrowIfEnded();
        uint slot = head.Index.GetOrCreate(packedLabels, hash, 0, out created);
        if (created)
        {
            HeadCounters.Add(ref head.Counters.SeriesCreated, 1);
            _log.AddSeries(slot);
        }

        return ReferenceOf(slot);
    }

    /// <inheritdoc/>
    public bool IsKnown(SeriesRef series)
    {
        ThrowIfEnded();
        return head.Index.References.TryGet(series.Value, out uint slot) && head.Index.TryTouch(slot);
    }

    /// <inheritdoc/>
    public int Append(AppendBatch batch)
    {
        ThrowIfEnded();
        _discardsOutOfOrder = batch.DiscardOutOfOrder;
        int refused = batch.Count == 0 ? 0 : AppendRows(batch);
        StageExemplars(batch);
        if (batch.Metadata.Count > 0 && _metadata.IsWanted)
            StageMetadata(batch);
        return refused;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        try
        {
            if (_log.IsThere)
            {
                await _log.WriteAsync(_metadata, _samples, _outOfOrder, _exemplars).ConfigureAwait(false);
                if (_outOfOrder.Count > 0)
                    await _log.WriteOutOfOrderAsync(_outOfOrder).ConfigureAwait(false);
            }

            _log.MarkSeries();
            _exemplars.Write();
            _metadata.Write();
            if (_samples.Count + _outOfOrder.Count > 0)
                await Publish().ConfigureAwait(false);
            if (_late.Count > 0 && _log.IsThere)
                await _log.WriteLateAsync(_late).ConfigureAwait(false);
        }
        finally
        {
            Close();
            pool.NoteCommit();
        }
    }

    /// <inheritdoc/>
    public void Rollback()
    {
        ThrowIfEnded();
        Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLent, 0) == 0)
            return;
        if (_isOpen)
            Close();
        pool.Return(this);
    }

    private int AppendRows(AppendBatch batch)
    {
        if (_appendableMin == long.MinValue)
            SetLimits(batch.TimesMs[0]);
        FindSlots(batch);
        return Stage(batch);
    }

    private void SetLimits(long firstTimeMs)
    {
        _appendableMin = head.Bounds.AppendableMinTimeMs(firstTimeMs);
        _outOfOrder.Rule = _late.Rule = new OutOfOrderRule(head.OutOfOrder, head.Bounds.PresentTimeMsOr(firstTimeMs));
    }

    private void ThrowIfEnded() => ObjectDisposedException.ThrowIf(!_isOpen, this);

    private void Close()
    {
        _samples.Clear();
        _outOfOrder.Clear();
        _late.Clear();
        _exemplars.Clear();
        _metadata.Clear();
        _log.Clear();
        _isOpen = false;
        Interlocked.Decrement(ref head.Counters.ActiveAppenders);
        head.Isolation.CloseAppend(_append);
        head.Epochs.Unpin(_pin);
    }

    // The highest number, which no slot has, stands for "unknown series".
    private void FindSlots(AppendBatch batch)
    {
        if (_slots.Length < batch.Count)
            _slots = new uint[Math.Max(batch.Count, 2 * _slots.Length)];
        SeriesRefMap references = head.Index.References;
        for (int i = 0; i < batch.Count; i++)
            _slots[i] = references.TryGet(batch.Series[i].Value, out uint slot) ? slot : uint.MaxValue;
    }

    private int Stage(AppendBatch batch)
    {
        int refused = 0;
        using var lease = new ShardLease(head.Shards);
        for (int i = 0; i < batch.Count; i++)
        {
            Prefetch(i + PrefetchDistance, batch.Count);
            AppendOutcome outcome = AppendOutcome.UnknownSeries;
            uint slot = _slots[i];
            if (slot != uint.MaxValue)
            {
                HeadShard shard = lease.MoveTo(slot);
                if (IsAlive(slot))
                    outcome = StageRow(shard, batch, i, slot);
            }

            batch.Outcomes[i] = outcome;
            if (outcome > AppendOutcome.Identical)
            {
                refused++;
                head.Counters.NoteRefused(outcome, isHistogram: batch.Histograms?[i] is not null);
            }
        }

        return refused;
    }

    private void StageExemplars(AppendBatch batch)
    {
        foreach ((SeriesRef series, Exemplar exemplar) in batch.Exemplars)
        {
            ExemplarOutcome outcome = ExemplarOutcome.Ignored;
            if (_exemplars.IsWanted)
                outcome = TryTouch(series, out uint slot) ? _exemplars.Stage(slot, series, exemplar) : ExemplarOutcome.UnknownSeries;
            batch.ExemplarOutcomes.Add(outcome);
        }
    }

    private void StageMetadata(AppendBatch batch)
    {
        foreach ((SeriesRef series, SeriesMetadata metadata) in batch.Metadata)
        {
            if (_metadata.IsNews(series, metadata) && TryTouch(series, out _))
                _metadata.Add(series, metadata);
        }
    }

    private bool TryTouch(SeriesRef series, out uint slot)
    {
        if (!head.Index.References.TryGet(series.Value, out slot))
            return false;
        lock (head.ShardOf(slot).Lock)
        {
            if (!IsAlive(slot))
                return false;
            Touch(ref head.Index.Series.State(slot), slot);
            return true;
        }
    }

    // A series may have been collected since its slot was looked up.
    private bool IsAlive(uint slot) => (head.Index.Series.State(slot).Flags & SeriesFlags.Dead) == 0;

    private AppendOutcome StageRow(HeadShard shard, AppendBatch batch, int row, uint slot) =>
        batch.Histograms?[row] is { } histogram
            ? StageHistogram(shard, batch, row, slot, histogram)
            : StageFloat(shard, slot, batch.Series[row], batch.TimesMs[row], batch.Values[row], StartMs(batch, row));

    // What would be lost with a restart is not taken at all.
    private long StartMs(AppendBatch batch, int row) =>
        batch.StartTimesMs is { } starts && head.Options.StoresStartTimes ? starts[row] : 0;

    private void Prefetch(int row, int count)
    {
        if (row < count && _slots[row] != uint.MaxValue)
            head.Index.Series.Prefetch(_slots[row]);
    }

    private AppendOutcome StageFloat(HeadShard shard, uint slot, SeriesRef series, long timeMs, double value, long startMs)
    {
        ref SeriesState state = ref head.Index.Series.State(slot);
        if (StaleMarker.IsStale(value) && _samples.StaleMarkerFor(slot) is { } staleHistogram)
            return StageHistogram(shard, slot, series, timeMs, staleHistogram, startMs);
        AppendOutcome outcome = head.Writer.CheckFloat(shard, slot, timeMs, value, _appendableMin);
        if (OutOfOrderRule.Concerns(outcome))
            return StageOutOfOrder(outcome, ref state, slot, series, timeMs, value, startMs);
        if (outcome != AppendOutcome.Accepted)
            return outcome;
        Touch(ref state, slot);
        _samples.Add(slot, series, timeMs, value, startMs);
        return AppendOutcome.Accepted;
    }

    // Under the shard lock: keeps the series from being collected while this transaction is open.
    private void Touch(ref SeriesState state, uint slot)
    {
        if ((state.Flags & (SeriesFlags.Idle | SeriesFlags.Logged)) == SeriesFlags.Logged)
            return;
        state.Flags &= ~SeriesFlags.Idle;
        if ((state.Flags & SeriesFlags.Logged) == 0)
            _log.AddSeries(slot);
    }

    private AppendOutcome StageHistogram(HeadShard shard, AppendBatch batch, int row, uint slot, object histogram)
    {
        string? error = histogram is Histogram integer
            ? HistogramValidation.Check(integer)
            : HistogramValidation.Check((FloatHistogram)histogram);
        if (error is null)
            return StageHistogram(shard, slot, batch.Series[row], batch.TimesMs[row], histogram, StartMs(batch, row));
        batch.Errors.Add((row, error));
        return AppendOutcome.InvalidHistogram;
    }

    private AppendOutcome StageHistogram(HeadShard shard, uint slot, SeriesRef series, long timeMs, object histogram, long startMs)
    {
        ref SeriesState state = ref head.Index.Series.State(slot);
        AppendOutcome outcome = head.HistogramWriter.Check(shard, slot, timeMs, histogram, _appendableMin);
        if (OutOfOrderRule.Concerns(outcome))
            return StageOutOfOrder(outcome, ref state, slot, series, timeMs, histogram, startMs);
        if (outcome != AppendOutcome.Accepted)
            return outcome;
        Touch(ref state, slot);
        _samples.Add(slot, series, timeMs, histogram, startMs);
        return AppendOutcome.Accepted;
    }

    private AppendOutcome StageOutOfOrder(
        AppendOutcome inOrder, ref SeriesState state, uint slot, SeriesRef series, long timeMs, double value, long startMs)
    {
        if (StaleMarker.IsStale(value) && StaleHistograms.After(state.Flags) is { } marker)
            return StageOutOfOrder(inOrder, ref state, slot, series, timeMs, marker, startMs);
        AppendOutcome outcome = _outOfOrder.Rule.Judge(inOrder, timeMs, _discardsOutOfOrder);
        if (outcome != AppendOutcome.Accepted)
            return outcome;
        Touch(ref state, slot);
        _outOfOrder.Add(slot, series, timeMs, value, startMs);
        return outcome;
    }

    private AppendOutcome StageOutOfOrder(
        AppendOutcome inOrder, ref SeriesState state, uint slot, SeriesRef series, long timeMs, object histogram, long startMs)
    {
        AppendOutcome outcome = _outOfOrder.Rule.Judge(inOrder, timeMs, _discardsOutOfOrder);
        if (outcome != AppendOutcome.Accepted)
            return outcome;
        Touch(ref state, slot);
        _outOfOrder.Add(slot, series, timeMs, histogram, startMs);
        return outcome;
    }

    // From Begin to Complete nothing waits: transactions that come after are not published before this one.
    private ValueTask Publish()
    {
        var mark = new TransactionMark(head.Isolation.Begin(_signal), head.Isolation.Watermark);
        try
        {
            _samples.Write(_late, ref mark);
            _outOfOrder.Insert();
        }
        catch
        {
            // What was written cannot be taken back, and must not hold up the others. Nobody awaits this signal any more.
            _ = head.Isolation.Complete(_signal, mark.PublishWith).AsTask();
            _signal = new PublishSignal();
            throw;
        }

        return head.Isolation.Complete(_signal, mark.PublishWith);
    }

    private SeriesRef ReferenceOf(uint slot) => new(head.Index.Series.Entry(slot).Reference);
}
