using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The open chunk of a series, whichever kind it is. Used under the shard lock, on states with <see cref="SeriesFlags.Open"/>.
/// </summary>
internal static class OpenChunk
{
    public static int SampleCount(HeadShard shard, ref SeriesState state) => (state.Flags & SeriesFlags.Open) switch
    {
        SeriesFlags.OpenFloats => state.Floats.SampleCount,
        SeriesFlags.OpenXor2 => state.Xor2.SampleCount,
        _ => state.Histograms.SampleCount(shard.Buffers),
    };

    public static long LastTimeMs(HeadShard shard, ref SeriesState state) => (state.Flags & SeriesFlags.Open) switch
    {
        SeriesFlags.OpenFloats => state.Floats.LastTimeMs,
        SeriesFlags.OpenXor2 => state.Xor2.LastTimeMs,
        _ => state.Histograms.LastTimeMs(shard.Buffers),
    };

    public static int ByteLength(HeadShard shard, ref SeriesState state) => (state.Flags & SeriesFlags.Open) switch
    {
        SeriesFlags.OpenFloats => state.Floats.ByteLength,
        SeriesFlags.OpenXor2 => state.Xor2.ByteLength,
        _ => state.Histograms.ByteLength(shard.Buffers),
    };

    public static ChunkEncoding Encoding(HeadShard shard, ref SeriesState state)
    {
        SeriesFlags open = state.Flags & SeriesFlags.Open;
        if (open == SeriesFlags.OpenFloats)
            return ChunkEncoding.Xor;
        if (open == SeriesFlags.OpenXor2)
            return ChunkEncoding.Xor2;
        bool hasStartTimes = state.Histograms.HasStartTimes(shard.Buffers);
        return open == SeriesFlags.OpenHistograms
            ? hasStartTimes ? ChunkEncoding.HistogramWithStartTimes : ChunkEncoding.Histogram
            : hasStartTimes ? ChunkEncoding.FloatHistogramWithStartTimes : ChunkEncoding.FloatHistogram;
    }

    /// <summary>Writes the chunk's bytes to the start of <paramref name="destination"/>.</summary>
    public static void CopyTo(HeadShard shard, ref SeriesState state, Span<byte> destination)
    {
        SeriesFlags open = state.Flags & SeriesFlags.Open;
        if (open == SeriesFlags.OpenFloats)
            state.Floats.CopyTo(shard.Blocks, destination);
        else if (open == SeriesFlags.OpenXor2)
            state.Xor2.CopyTo(shard.Blocks, destination);
        else
            state.Histograms.CopyTo(shard.Buffers, destination);
    }

    /// <summary>Puts a copy of the chunk in front of the series' full chunks; the chunk itself stays as it is.</summary>
    public static void CopyToSealed(HeadShard shard, ref SeriesState state, ref SeriesEntry entry)
    {
        int length = ByteLength(shard, ref state);
        SealedChunk chunk = SealedChunk.Make(
            entry.OpenMinTimeMs, LastTimeMs(shard, ref state), Encoding(shard, ref state), length, previous: 0);
        CopyTo(shard, ref state, SealedChain.Push(shard, ref entry, chunk));
        shard.NoteSealed(ref state, entry.Reference);
    }

    /// <summary>Gives the chunk's memory back; the series then has no open chunk.</summary>
    public static void Free(HeadShard shard, ref SeriesState state)
    {
        SeriesFlags open = state.Flags & SeriesFlags.Open;
        if (open == SeriesFlags.OpenFloats)
            state.Floats.Free(shard.Blocks);
        else if (open == SeriesFlags.OpenXor2)
            state.Xor2.Free(shard.Blocks);
        else
            state.Histograms.Free(shard.Buffers);
        state.Flags &= ~(SeriesFlags.Open | SeriesFlags.EndPredicted);
    }
}
