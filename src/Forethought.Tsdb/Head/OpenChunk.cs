using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The open chunk of a series, whichever kind it is. Used under the shard lock, on states with <see cref="SeriesFlags.Open"/>.
/// </summary>
internal static unsafe class OpenChunk
{
    public static int SampleCount(HeadShard shard, SeriesState* state) =>
        IsFloats(state) ? state->Floats.SampleCount : state->Histograms.SampleCount(shard.Buffers);

    public static long LastTimeMs(HeadShard shard, SeriesState* state) =>
        IsFloats(state) ? state->Floats.LastTimeMs : state->Histograms.LastTimeMs(shard.Buffers);

    public static int ByteLength(HeadShard shard, SeriesState* state) =>
        IsFloats(state) ? state->Floats.ByteLength : state->Histograms.ByteLength(shard.Buffers);

    public static ChunkEncoding Encoding(SeriesState* state)
    {
        if (IsFloats(state))
            return ChunkEncoding.Xor;
        return (state->Flags & SeriesFlags.OpenHistograms) != 0 ? ChunkEncoding.Histogram : ChunkEncoding.FloatHistogram;
    }

    /// <summary>Writes the chunk's bytes to the start of <paramref name="destination"/>.</summary>
    public static void CopyTo(HeadShard shard, SeriesState* state, Span<byte> destination)
    {
        if (IsFloats(state))
            state->Floats.CopyTo(shard.Blocks, destination);
        else
            state->Histograms.CopyTo(shard.Buffers, destination);
    }

    /// <summary>Puts a copy of the chunk in front of the series' full chunks; the chunk itself stays as it is.</summary>
    public static void CopyToSealed(HeadShard shard, SeriesState* state, SeriesEntry* entry)
    {
        int length = ByteLength(shard, state);
        uint handle = shard.Sealed.Allocate(sizeof(SealedChunk) + length);
        byte* piece = shard.Sealed.Pointer(handle);
        *(SealedChunk*)piece =
            SealedChunk.Make(entry->OpenMinTimeMs, LastTimeMs(shard, state), Encoding(state), length, entry->Sealed);
        CopyTo(shard, state, new Span<byte>(piece + sizeof(SealedChunk), length));
        entry->Sealed = handle;
    }

    /// <summary>Gives the chunk's memory back; the series then has no open chunk.</summary>
    public static void Free(HeadShard shard, SeriesState* state)
    {
        if (IsFloats(state))
            state->Floats.Free(shard.Blocks);
        else
            state->Histograms.Free(shard.Buffers);
        state->Flags &= ~(SeriesFlags.Open | SeriesFlags.EndPredicted);
    }

    private static bool IsFloats(SeriesState* state) => (state->Flags & SeriesFlags.OpenFloats) != 0;
}
