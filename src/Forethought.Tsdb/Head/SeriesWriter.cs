using Forethought.Storage;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Appends samples to series: decides whether a sample fits, when a chunk is full, closes it, and marks the samples with their
/// transaction. Everything here happens under the lock of the series' shard.
/// </summary>
internal sealed unsafe class SeriesWriter(SeriesTable series, ChunkLimits limits, HeadCounters counters)
{
    /// <summary>Whether a float would be accepted now.</summary>
    public AppendOutcome CheckFloat(SeriesState* state, long timeMs, double value, long appendableMinMs)
    {
        if (timeMs < appendableMinMs)
            return AppendOutcome.OutOfBounds;
        SeriesFlags open = state->Flags & SeriesFlags.Open;
        if (open == SeriesFlags.OpenFloats)
            return CheckAgainst(state->Floats, timeMs, value);
        return AppendOutcome.Accepted;
    }

    /// <summary>Appends a float, unless another transaction was faster with a sample as new.</summary>
    public AppendOutcome AppendFloat(HeadShard shard, uint slot, long timeMs, double value, ref TransactionMark mark)
    {
        SeriesState* state = series.State(slot);
        if ((state->Flags & SeriesFlags.OpenFloats) != 0)
        {
            AppendOutcome outcome = CheckAgainst(state->Floats, timeMs, value);
            if (outcome != AppendOutcome.Accepted)
                return outcome;
            if (IsFull(slot, state, timeMs))
                Seal(shard, slot, state);
        }

        if ((state->Flags & SeriesFlags.OpenFloats) != 0)
        {
            state->Floats.Append(shard.Blocks, timeMs, value);
        }
        else
        {
            state->Floats.Start(shard.Blocks, timeMs, value);
            NoteStart(slot, state, timeMs, SeriesFlags.OpenFloats);
        }

        Mark(shard, slot, state, ref mark);
        return AppendOutcome.Accepted;
    }

    /// <summary>Closes the open chunk, if there is one: copies its bytes into the arena and frees its blocks.</summary>
    public void Seal(HeadShard shard, uint slot, SeriesState* state)
    {
        SeriesEntry* entry = series.Entry(slot);
        int length = state->Floats.ByteLength;
        uint handle = shard.Sealed.Allocate(sizeof(SealedChunk) + length);
        byte* piece = shard.Sealed.Pointer(handle);
        *(SealedChunk*)piece = SealedChunk.Make(entry->OpenMinTimeMs, state->Floats.LastTimeMs, ChunkEncoding.Xor, length, entry->Sealed);
        state->Floats.CopyTo(shard.Blocks, new Span<byte>(piece + sizeof(SealedChunk), length));
        state->Floats.Free(shard.Blocks);
        entry->Sealed = handle;
        state->Flags &= ~(SeriesFlags.Open | SeriesFlags.EndPredicted);
    }

    /// <summary>Time of the newest sample of a series with an open chunk.</summary>
    public static long LastTimeMs(SeriesState* state) => state->Floats.LastTimeMs;

    /// <summary>Forgets the open chunk.</summary>
    public static void DropOpen(HeadShard shard, SeriesState* state)
    {
        state->Floats.Free(shard.Blocks);
        state->Flags &= ~(SeriesFlags.Open | SeriesFlags.EndPredicted);
    }

    private static AppendOutcome CheckAgainst(in XorChunkState chunk, long timeMs, double value)
    {
        if (timeMs > chunk.LastTimeMs)
            return AppendOutcome.Accepted;
        if (timeMs < chunk.LastTimeMs)
            return AppendOutcome.OutOfOrder;
        return BitConverter.DoubleToUInt64Bits(value) == BitConverter.DoubleToUInt64Bits(chunk.LastValue)
            ? AppendOutcome.Identical
            : AppendOutcome.DuplicateTimestamp;
    }

    private void NoteStart(uint slot, SeriesState* state, long timeMs, SeriesFlags kind)
    {
        series.Entry(slot)->OpenMinTimeMs = timeMs;
        state->RemainingMs = Saturate(limits.RangeEnd(timeMs) - timeMs);
        state->Flags |= kind;
        HeadCounters.Add(ref counters.ChunksCreated, 1);
    }

    // Decides as upstream's appendPreprocessor does; RemainingMs counts down from sample to sample.
    private bool IsFull(uint slot, SeriesState* state, long timeMs)
    {
        ref XorChunkState chunk = ref state->Floats;
        if (chunk.IsFull || chunk.SampleCount >= 2 * limits.SamplesPerChunk)
            return true;
        if (chunk.SampleCount == limits.SamplesPerChunk / 4)
        {
            long end = ChunkLimits.PredictEnd(
                series.Entry(slot)->OpenMinTimeMs, chunk.LastTimeMs, chunk.LastTimeMs + state->RemainingMs, 4);
            state->RemainingMs = Saturate(end - chunk.LastTimeMs);
        }

        ulong elapsed = (ulong)(timeMs - chunk.LastTimeMs);
        if (elapsed >= state->RemainingMs)
            return true;
        state->RemainingMs -= (uint)elapsed;
        return false;
    }

    private static uint Saturate(long milliseconds) => (uint)Math.Clamp(milliseconds, 0, SealedChunk.MaxDurationMs);

    private void Mark(HeadShard shard, uint slot, SeriesState* state, ref TransactionMark mark)
    {
        if (state->Transaction < mark.Number)
        {
            StartRun(shard, slot, state, mark);
            return;
        }

        if (mark.Number == TransactionMark.Replayed.Number)
            return;

        // A later transaction was here first, or this one already: numbers of a series never descend.
        mark.PublishWith = Math.Max(mark.PublishWith, state->Transaction);
        if (state->RunLength == ushort.MaxValue)
            PushRun(shard, slot, state);
        state->RunLength++;
    }

    private void StartRun(HeadShard shard, uint slot, SeriesState* state, in TransactionMark mark)
    {
        if (state->Transaction > mark.Watermark)
            PushRun(shard, slot, state);
        if ((state->Flags & SeriesFlags.HasEarlierRuns) != 0)
            PruneRuns(shard, slot, state, mark.Watermark);
        state->Transaction = mark.Number;
        state->RunLength = 1;
    }

    private void PushRun(HeadShard shard, uint slot, SeriesState* state)
    {
        SeriesEntry* entry = series.Entry(slot);
        entry->EarlierRuns = shard.Runs.Push(entry->EarlierRuns, state->Transaction, state->RunLength);
        state->Flags |= SeriesFlags.HasEarlierRuns;
        state->RunLength = 0;
    }

    private void PruneRuns(HeadShard shard, uint slot, SeriesState* state, long watermark)
    {
        SeriesEntry* entry = series.Entry(slot);
        entry->EarlierRuns = shard.Runs.Prune(entry->EarlierRuns, watermark);
        if (entry->EarlierRuns == 0)
            state->Flags &= ~SeriesFlags.HasEarlierRuns;
    }
}
