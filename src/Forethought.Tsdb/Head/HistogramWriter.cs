using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>Appends native histograms to series, as <see cref="SeriesWriter"/> does floats. Under the shard lock.</summary>
internal sealed class HistogramWriter(SeriesTable series, ChunkLimits limits, SeriesWriter writer, HeadCounters counters)
{
    /// <summary>Whether a <see cref="Histogram"/> or <see cref="FloatHistogram"/> that is consistent would be accepted now.</summary>
    public AppendOutcome Check(HeadShard shard, uint slot, long timeMs, object histogram, long appendableMinMs)
    {
        if (timeMs < appendableMinMs)
            return AppendOutcome.OutOfBounds;
        ref SeriesState state = ref series.State(slot);
        return (state.Flags & SeriesFlags.Open) == 0
            ? writer.CheckAgainstSealed(shard, slot, timeMs)
            : CheckAgainst(shard, ref state, timeMs, Load(shard, histogram));
    }

    /// <summary>Appends a histogram, unless another transaction was faster with a sample as new.</summary>
    public AppendOutcome Append(HeadShard shard, uint slot, long timeMs, object histogram, long startMs, ref TransactionMark mark)
    {
        ref SeriesState state = ref series.State(slot);
        SeriesFlags kind = Load(shard, histogram);
        shard.Sample.StartTimeMs = startMs;
        AppendOutcome outcome = CheckAgainst(shard, ref state, timeMs, kind);
        if (outcome != AppendOutcome.Accepted)
            return outcome;
        if ((state.Flags & SeriesFlags.Open) == 0 && !writer.FollowsSealed(shard, slot, timeMs))
            return AppendOutcome.OutOfOrder;
        int bucketsBefore = NewestSample.Buckets(shard, ref state);
        if (kind == SeriesFlags.OpenHistograms)
            Append(shard, shard.Histograms, slot, timeMs, kind);
        else
            Append(shard, shard.FloatHistograms, slot, timeMs, kind);
        NewestSample.NoteHistogram(counters, shard, ref state, bucketsBefore);
        writer.NoteAppended(shard, slot, ref state, shard.Sample.IsStale, ref mark);
        return AppendOutcome.Accepted;
    }

    /// <summary>Appends a stale marker of the kind of the open histogram chunk.</summary>
    public AppendOutcome AppendStale(HeadShard shard, uint slot, long timeMs, long startMs, SeriesFlags open, ref TransactionMark mark)
    {
        object marker = open == SeriesFlags.OpenHistograms ? StaleHistograms.Integers : StaleHistograms.Floats;
        return Append(shard, slot, timeMs, marker, startMs, ref mark);
    }

    private static SeriesFlags Load(HeadShard shard, object histogram)
    {
        if (histogram is Histogram integer)
        {
            shard.Sample.Load(integer);
            return SeriesFlags.OpenHistograms;
        }

        shard.Sample.Load((FloatHistogram)histogram);
        return SeriesFlags.OpenFloatHistograms;
    }

    private static AppendOutcome CheckAgainst(HeadShard shard, ref SeriesState state, long timeMs, SeriesFlags kind)
    {
        SeriesFlags open = state.Flags & SeriesFlags.Open;
        if (open == SeriesFlags.None)
            return AppendOutcome.Accepted;
        long last = OpenChunk.LastTimeMs(shard, ref state);
        if (timeMs != last || open != kind)
            return SeriesWriter.CheckAgainst(last, timeMs);
        bool isSame = kind == SeriesFlags.OpenHistograms
            ? shard.Histograms.LastEquals(state.Histograms, shard.Sample)
            : shard.FloatHistograms.LastEquals(state.Histograms, shard.Sample);
        return isSame ? AppendOutcome.Identical : AppendOutcome.DuplicateTimestamp;
    }

    private void Append<TNumbers>(
        HeadShard shard, HistogramChunkAppender<TNumbers> appender, uint slot, long timeMs, SeriesFlags kind)
        where TNumbers : struct, IHistogramNumbers
    {
        ref SeriesState state = ref series.State(slot);
        SeriesFlags open = state.Flags & SeriesFlags.Open;
        if (open != kind)
        {
            Start(shard, appender, slot, timeMs, kind);
            return;
        }

        bool isFull = IsFull(shard, slot, ref state, timeMs);
        if (!isFull && appender.Append(ref state.Histograms, timeMs, shard.Sample) != HistogramAppendOutcome.NeedsNewChunk)
            return;
        OpenChunk.CopyToSealed(shard, ref state, ref series.Entry(slot));
        appender.StartNext(ref state.Histograms, timeMs, shard.Sample, isFull);
        writer.NoteStart(slot, ref state, timeMs, kind);
    }

    // The first chunk of a series, or of this kind after another.
    private void Start<TNumbers>(
        HeadShard shard, HistogramChunkAppender<TNumbers> appender, uint slot, long timeMs, SeriesFlags kind)
        where TNumbers : struct, IHistogramNumbers
    {
        ref SeriesState state = ref series.State(slot);
        if ((state.Flags & SeriesFlags.Open) != 0)
        {
            OpenChunk.CopyToSealed(shard, ref state, ref series.Entry(slot));
            OpenChunk.Free(shard, ref state);
        }

        state.Histograms = default;
        appender.Start(ref state.Histograms, timeMs, shard.Sample, limits.WritesHistogramStartTimes);
        writer.NoteStart(slot, ref state, timeMs, kind);
    }

    // Decides as upstream's histogramsAppendPreprocessor does: by bytes instead of samples, with a least number of samples within
    // the range.
    private bool IsFull(HeadShard shard, uint slot, ref SeriesState state, long timeMs)
    {
        long openMin = series.Entry(slot).OpenMinTimeMs;
        long last = state.Histograms.LastTimeMs(shard.Buffers);
        int bytes = state.Histograms.ByteLength(shard.Buffers);
        long end = last + state.RemainingMs;
        bool isPredicted = (state.Flags & SeriesFlags.EndPredicted) != 0;
        long rangeEnd = isPredicted ? limits.RangeEnd(openMin) : end;
        if (!isPredicted && bytes >= ChunkLimits.HistogramBytes / 4)
        {
            end = ChunkLimits.PredictEnd(openMin, last, end, (double)ChunkLimits.HistogramBytes / bytes);
            state.Flags |= SeriesFlags.EndPredicted;
        }

        int samples = state.Histograms.SampleCount(shard.Buffers);
        bool isDue = timeMs >= end || bytes >= 2 * ChunkLimits.HistogramBytes;
        if (isDue && (samples >= ChunkLimits.MinHistogramSamples || timeMs >= rangeEnd))
            return true;
        state.RemainingMs = SeriesWriter.Saturate(end - timeMs);
        return false;
    }
}
