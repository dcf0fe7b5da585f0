using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The open chunk of a series, whichever kind it is. Used under the shard lock, on states with <see cref="SeriesFlags.Open"/>.
/// </summary>
internal static class OpenChunk
{
    public static int SampleCount(HeadShard shard, ref SeriesState state) =>
        IsFloats(ref state) ? state.Floats.SampleCount : state.Histograms.SampleCount(shard.Buffers);

    public static long LastTimeMs(HeadShard shard, ref SeriesState state) =>
        IsFloats(ref state) ? state.Floats.LastTimeMs : state.Histograms.LastTimeMs(shard.Buffers);

    public static int ByteLength(HeadShard shard, ref SeriesState state) =>
        IsFloats(ref state) ? state.Floats.ByteLength : state.Histograms.ByteLength(shard.Buffers);

    public static ChunkEncoding Encoding(ref SeriesState state)
    {
        if (IsFloats(ref state))
            return ChunkEncoding.Xor;
        return (state.Flags & SeriesFlags.OpenHistograms) != 0 ? ChunkEncoding.Histogram : ChunkEncoding.FloatHistogram;
    }

    /// <summary>Writes the chunk's bytes to the start of <paramref name="destination"/>.</summary>
    public static void CopyTo(HeadShard shard, ref SeriesState state, Span<byte> destination)
    {
        if (IsFloats(ref state))
            state.Floats.CopyTo(shard.Blocks, destination);
        else
            state.Histograms.CopyTo(shard.Buffers, destination);
    }

    /// <summary>Puts a copy of the chunk in front of the series' full chunks; the chunk itself stays as it is.</summary>
    public static void CopyToSealed(HeadShard shard, ref SeriesState state, ref SeriesEntry entry)
    {
        int length = ByteLength(shard, ref state);
        SealedChunk chunk =
            SealedChunk.Make(entry.OpenMinTimeMs, LastTimeMs(shard, ref state), Encoding(ref state), length, previous: 0);
        CopyTo(shard, ref state, SealedChain.Push(shard, ref entry, chunk));
        shard.NoteSealed(ref state, entry.Reference);
    }

    /// <summary>Gives the chunk's memory back; the series then has no open chunk.</summary>
    public static void Free(HeadShard shard, ref SeriesState state)
    {
        if (IsFloats(ref state))
            state.Floats.Free(shard.Blocks);
        else
            state.Histograms.Free(shard.Buffers);
        state.Flags &= ~(SeriesFlags.Open | SeriesFlags.EndPredicted);
    }

    private static bool IsFloats(ref SeriesState state) => (state.Flags & SeriesFlags.OpenFloats) != 0;
}
