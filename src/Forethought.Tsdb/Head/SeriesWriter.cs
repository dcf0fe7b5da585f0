using System.Runtime.CompilerServices;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Appends samples to series: decides whether a sample fits, when a chunk is full, closes it, and marks the samples with their
/// transaction. Everything here happens under the lock of the series' shard.
/// </summary>
internal sealed class SeriesWriter
{
    private readonly SeriesTable _series;
    private readonly ChunkLimits _limits;
    private readonly HeadCounters _counters;

    // Start timestamps must not be lost in a chunk that cannot hold them: an open one of that kind is ended at once.
    private readonly bool _endsXor;

    public SeriesWriter(SeriesTable series, ChunkLimits limits, HeadCounters counters)
    {
        _series = series;
        _limits = limits;
        _counters = counters;
        _endsXor = limits.StoresStartTimes;
        FloatEncoding = limits.Floats;
        Histograms = new HistogramWriter(series, limits, this, counters);
    }

    /// <summary>
    /// The encoding of chunks of floats that are started from now on, <see cref="ChunkEncoding.Xor"/> or <see cref="ChunkEncoding.Xor2"/>.
    /// May change at any time; open chunks go on as they are.
    /// </summary>
    public ChunkEncoding FloatEncoding { get; set; }

    /// <summary>Appends native histograms.</summary>
    public HistogramWriter Histograms { get; }

    /// <summary>Whether a float would be accepted now.</summary>
    public AppendOutcome CheckFloat(HeadShard shard, uint slot, long timeMs, double value, long appendableMinMs)
    {
        ref SeriesState state = ref _series.State(slot);
        if (timeMs < appendableMinMs)
            return AppendOutcome.OutOfBounds;
        SeriesFlags open = state.Flags & SeriesFlags.Open;
        if (open == SeriesFlags.None)
            return CheckAgainstSealed(shard, slot, timeMs);
        if (open == SeriesFlags.OpenFloats)
            return CheckAgainst(state.Floats.LastTimeMs, state.Floats.LastValue, timeMs, value);
        return open == SeriesFlags.OpenXor2
            ? CheckAgainst(state.Xor2.LastTimeMs, state.Xor2.LastValue, timeMs, value)
            : CheckAgainst(OpenChunk.LastTimeMs(shard, ref state), timeMs);
    }

    /// <summary>
    /// Appends a float, unless another transaction was faster with a sample as new. A stale marker after a histogram becomes a histogram
    /// of that kind. The start timestamp, 0 for none, is lost where the chunk's encoding has no place for it.
    /// </summary>
    public AppendOutcome AppendFloat(HeadShard shard, uint slot, long timeMs, double value, long startMs, ref TransactionMark mark)
    {
        ref SeriesState state = ref _series.State(slot);
        SeriesFlags open = state.Flags & SeriesFlags.Open;
        if (open == SeriesFlags.OpenFloats)
        {
            long last = state.Floats.LastTimeMs;
            AppendOutcome outcome = CheckAgainst(last, state.Floats.LastValue, timeMs, value);
            if (outcome != AppendOutcome.Accepted)
                return outcome;
            if (!_endsXor && !state.Floats.IsFull && !IsDue(slot, ref state, state.Floats.SampleCount, last, timeMs))
            {
                state.Floats.Append(shard.Blocks, timeMs, value);
                NoteAppended(shard, slot, ref state, StaleMarker.IsStale(value), ref mark);
                return AppendOutcome.Accepted;
            }
        }
        else if (open == SeriesFlags.OpenXor2)
        {
            long last = state.Xor2.LastTimeMs;
            AppendOutcome outcome = CheckAgainst(last, state.Xor2.LastValue, timeMs, value);
            if (outcome != AppendOutcome.Accepted)
                return outcome;
            if (!state.Xor2.IsFull && !IsDue(slot, ref state, state.Xor2.SampleCount, last, timeMs))
            {
                state.Xor2.Append(shard.Blocks, timeMs, value, startMs);
                NoteAppended(shard, slot, ref state, StaleMarker.IsStale(value), ref mark);
                return AppendOutcome.Accepted;
            }
        }
        else if (open != SeriesFlags.None)
        {
            if (StaleMarker.IsStale(value))
                return Histograms.AppendStale(shard, slot, timeMs, startMs, open, ref mark);
            AppendOutcome outcome = CheckAgainst(OpenChunk.LastTimeMs(shard, ref state), timeMs);
            if (outcome != AppendOutcome.Accepted)
                return outcome;
        }
        else if (!FollowsSealed(shard, slot, timeMs))
        {
            return AppendOutcome.OutOfOrder;
        }
        else if (StaleMarker.IsStale(value) && NewestSealedHistograms(shard, slot) is var kind and not SeriesFlags.None)
        {
            return Histograms.AppendStale(shard, slot, timeMs, startMs, kind, ref mark);
        }

        StartFloats(shard, slot, ref state, timeMs, value, startMs);
        NoteAppended(shard, slot, ref state, StaleMarker.IsStale(value), ref mark);
        return AppendOutcome.Accepted;
    }

    /// <summary>
    /// Appends a float in replay if all that takes is to go on with a chunk in the XOR encoding, which is so for nearly every sample of a log.
    /// Otherwise nothing has changed, and <see cref="AppendFloat"/> decides.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryContinueFloats(HeadShard shard, ref SeriesState state, long timeMs, double value)
    {
        if ((state.Flags & SeriesFlags.Open) != SeriesFlags.OpenFloats || _endsXor)
            return false;
        long last = state.Floats.LastTimeMs;
        int samples = state.Floats.SampleCount;
        ulong elapsed = (ulong)(timeMs - last);
        if (timeMs <= last
            || elapsed >= state.RemainingMs
            || samples == _limits.SamplesPerChunk / 4
            || samples >= 2 * _limits.SamplesPerChunk
            || state.Floats.IsFull)
            return false;
        state.RemainingMs -= (uint)elapsed;
        state.Floats.Append(shard.Blocks, timeMs, value);
        NewestSample.NoteStale(_counters, ref state, StaleMarker.IsStale(value));
        return true;
    }

    /// <summary>Asks for the memory that the next float of a series goes to; the shard's lock is held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchFloat(HeadShard shard, uint slot)
    {
        ref SeriesState state = ref _series.State(slot);
        if ((state.Flags & SeriesFlags.OpenFloats) != 0)
            state.Floats.Prefetch(shard.Blocks);
        else if ((state.Flags & SeriesFlags.OpenXor2) != 0)
            state.Xor2.Prefetch(shard.Blocks);
    }

    /// <summary>The outcome for a sample of another kind than the newest one, which has a time only to compare with.</summary>
    public static AppendOutcome CheckAgainst(long lastTimeMs, long timeMs)
    {
        if (timeMs > lastTimeMs)
            return AppendOutcome.Accepted;
        return timeMs < lastTimeMs ? AppendOutcome.OutOfOrder : AppendOutcome.DuplicateTimestamp;
    }

    /// <summary>Notes what the append of a chunk's first sample has to: its time and where it ends at the latest.</summary>
    public void NoteStart(uint slot, ref SeriesState state, long timeMs, SeriesFlags kind)
    {
        _series.Entry(slot).OpenMinTimeMs = timeMs;
        state.RemainingMs = Saturate(_limits.RangeEnd(timeMs) - timeMs);
        state.Flags = (state.Flags & ~(SeriesFlags.Open | SeriesFlags.EndPredicted)) | kind;
        HeadCounters.Add(ref _counters.ChunksCreated, 1);
    }

    /// <summary>
    /// Whether a sample is newer than what a series without an open chunk has: nothing, or the chunks that replay found in files.
    /// </summary>
    public bool FollowsSealed(HeadShard shard, uint slot, long timeMs)
    {
        ref SeriesEntry entry = ref _series.Entry(slot);
        return entry.Sealed == 0 || timeMs > SealedChain.Newest(shard, entry).MaxTimeMs;
    }

    /// <summary>
    /// What becomes of a sample of a series without an open chunk. One of the newest sample's time is taken for that again, as it often is
    /// after a restart; upstream lets all of them in here and drops them when they are written.
    /// </summary>
    public AppendOutcome CheckAgainstSealed(HeadShard shard, uint slot, long timeMs)
    {
        ref SeriesEntry entry = ref _series.Entry(slot);
        if (entry.Sealed == 0)
            return AppendOutcome.Accepted;
        long newestMs = SealedChain.Newest(shard, entry).MaxTimeMs;
        if (timeMs == newestMs)
            return AppendOutcome.Identical;
        return timeMs > newestMs ? AppendOutcome.Accepted : AppendOutcome.OutOfOrder;
    }

    // The kind of histograms in the newest full chunk of a series without an open one; None if those are floats.
    private SeriesFlags NewestSealedHistograms(HeadShard shard, uint slot)
    {
        ref SeriesEntry entry = ref _series.Entry(slot);
        return entry.Sealed == 0 ? SeriesFlags.None : SealedChain.Newest(shard, entry).Encoding switch
        {
            ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes => SeriesFlags.OpenHistograms,
            ChunkEncoding.FloatHistogram or ChunkEncoding.FloatHistogramWithStartTimes => SeriesFlags.OpenFloatHistograms,
            _ => SeriesFlags.None,
        };
    }

    /// <summary>Marks the sample that was just appended with its transaction and keeps count of stale series.</summary>
    public void NoteAppended(HeadShard shard, uint slot, ref SeriesState state, bool isStale, ref TransactionMark mark)
    {
        NewestSample.NoteStale(_counters, ref state, isStale);
        Mark(shard, slot, ref state, ref mark);
    }

    /// <summary>Milliseconds as the state counts them down.</summary>
    public static uint Saturate(long milliseconds) => (uint)Math.Clamp(milliseconds, 0, SealedChunk.MaxDurationMs);

    private void Mark(HeadShard shard, uint slot, ref SeriesState state, ref TransactionMark mark)
    {
        if (state.Transaction < mark.Number)
        {
            StartRun(shard, slot, ref state, mark);
            return;
        }

        if (mark.Number == TransactionMark.Replayed.Number)
            return;

        // A later transaction was here first, or this one already: numbers of a series never descend.
        mark.PublishWith = Math.Max(mark.PublishWith, state.Transaction);
        if (state.RunLength == ushort.MaxValue)
            PushRun(shard, slot, ref state);
        state.RunLength++;
    }

    private static AppendOutcome CheckAgainst(long lastTimeMs, double lastValue, long timeMs, double value)
    {
        if (timeMs > lastTimeMs)
            return AppendOutcome.Accepted;
        if (timeMs < lastTimeMs)
            return AppendOutcome.OutOfOrder;
        return BitConverter.DoubleToUInt64Bits(value) == BitConverter.DoubleToUInt64Bits(lastValue)
            ? AppendOutcome.Identical
            : AppendOutcome.DuplicateTimestamp;
    }

    private void StartFloats(HeadShard shard, uint slot, ref SeriesState state, long timeMs, double value, long startMs)
    {
        NewestSample.LeaveHistogram(_counters, shard, ref state);
        if ((state.Flags & SeriesFlags.Open) != 0)
        {
            OpenChunk.CopyToSealed(shard, ref state, ref _series.Entry(slot));
            OpenChunk.Free(shard, ref state);
        }

        if (FloatEncoding == ChunkEncoding.Xor2)
        {
            state.Xor2 = default;
            state.Xor2.Start(shard.Blocks, timeMs, value, startMs);
            NoteStart(slot, ref state, timeMs, SeriesFlags.OpenXor2);
            return;
        }

        state.Floats = default;
        state.Floats.Start(shard.Blocks, timeMs, value);
        NoteStart(slot, ref state, timeMs, SeriesFlags.OpenFloats);
    }

    // Whether the open chunk ends before a sample, by time and number; decides as upstream's appendPreprocessor does. RemainingMs counts
    // down from sample to sample.
    private bool IsDue(uint slot, ref SeriesState state, int samples, long lastTimeMs, long timeMs)
    {
        if (samples >= 2 * _limits.SamplesPerChunk)
            return true;
        if (samples == _limits.SamplesPerChunk / 4)
        {
            long end = ChunkLimits.PredictEnd(_series.Entry(slot).OpenMinTimeMs, lastTimeMs, lastTimeMs + state.RemainingMs, 4);
            state.RemainingMs = Saturate(end - lastTimeMs);
        }

        ulong elapsed = (ulong)(timeMs - lastTimeMs);
        if (elapsed >= state.RemainingMs)
            return true;
        state.RemainingMs -= (uint)elapsed;
        return false;
    }

    private void StartRun(HeadShard shard, uint slot, ref SeriesState state, in TransactionMark mark)
    {
        if (state.Transaction > mark.Watermark)
            PushRun(shard, slot, ref state);
        if ((state.Flags & SeriesFlags.HasEarlierRuns) != 0)
            PruneRuns(shard, slot, ref state, mark.Watermark);
        state.Transaction = mark.Number;
        state.RunLength = 1;
    }

    private void PushRun(HeadShard shard, uint slot, ref SeriesState state)
    {
        ref SeriesEntry entry = ref _series.Entry(slot);
        entry.EarlierRuns = shard.Runs.Push(entry.EarlierRuns, state.Transaction, state.RunLength);
        state.Flags |= SeriesFlags.HasEarlierRuns;
        state.RunLength = 0;
    }

    private void PruneRuns(HeadShard shard, uint slot, ref SeriesState state, long watermark)
    {
        ref SeriesEntry entry = ref _series.Entry(slot);
        entry.EarlierRuns = shard.Runs.Prune(entry.EarlierRuns, watermark);
        if (entry.EarlierRuns == 0)
            state.Flags &= ~SeriesFlags.HasEarlierRuns;
    }
}
