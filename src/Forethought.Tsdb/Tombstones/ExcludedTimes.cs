using Forethought.Model;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Tombstones;

/// <summary>Leaves the samples of times that are not wanted out of what is decoded. Thread-safe.</summary>
internal static class ExcludedTimes
{
    /// <summary>Appends the samples of a chunk whose times are not excluded to a batch.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="excluded">Ascending ranges of times.</param>
    /// <param name="batch">Where the samples go, behind those it has.</param>
    /// <exception cref="TsdbCorruptionException">The bytes are no chunk; the batch is as it was.</exception>
    public static void Decode(StoredChunk chunk, ReadOnlySpan<TimeInterval> excluded, SampleBatch batch)
    {
        // What is cut off at the ends need not be decoded.
        long minTimeMs = long.MinValue;
        long maxTimeMs = long.MaxValue;
        if (excluded.Length > 0 && excluded[0].MinTimeMs == long.MinValue)
        {
            minTimeMs = excluded[0].MaxTimeMs == long.MaxValue ? long.MaxValue : excluded[0].MaxTimeMs + 1;
            excluded = excluded[1..];
        }

        if (excluded.Length > 0 && excluded[^1].MaxTimeMs == long.MaxValue)
        {
            maxTimeMs = excluded[^1].MinTimeMs - 1;
            excluded = excluded[..^1];
        }

        int before = batch.Count;
        SampleKind kindsBefore = batch.AllKinds;
        ChunkDecoder.Decode(chunk.Encoding, chunk.Bytes, minTimeMs, maxTimeMs, batch);
        Remove(excluded, batch, before, kindsBefore);
    }

    /// <summary>Takes samples whose times are excluded out of what was decoded last.</summary>
    /// <param name="excluded">Ascending ranges of times.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The first sample that was decoded last; times ascend from here on.</param>
    /// <param name="kindsBefore">The kinds of the samples before it.</param>
    public static void Remove(ReadOnlySpan<TimeInterval> excluded, SampleBatch batch, int from, SampleKind kindsBefore)
    {
        if (batch.Count == from || !TimeIntervals.Touch(excluded, batch.TimesMs[from], batch.TimesMs[batch.Count - 1]))
            return;

        // The rows that stay move to the front.
        int kept = from;
        int interval = 0;
        batch.AllKinds = kindsBefore;
        for (int row = from; row < batch.Count; row++)
        {
            long timeMs = batch.TimesMs[row];
            while (interval < excluded.Length && excluded[interval].MaxTimeMs < timeMs)
                interval++;
            if (interval < excluded.Length && excluded[interval].Contains(timeMs))
                continue;
            Move(batch, row, kept++);
        }

        batch.Truncate(kept);
    }

    private static void Move(SampleBatch batch, int from, int to)
    {
        batch.TimesMs[to] = batch.TimesMs[from];
        batch.Values[to] = batch.Values[from];
        batch.Kinds[to] = batch.Kinds[from];
        batch.AllKinds |= batch.Kinds[from];
        if (batch.Histograms is { } histograms)
            histograms[to] = histograms[from];
        if (batch.StartTimesMs is { } starts)
            starts[to] = starts[from];
    }
}
