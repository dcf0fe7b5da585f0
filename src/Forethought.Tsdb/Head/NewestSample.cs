using System.Runtime.CompilerServices;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Keeps count of what the newest samples of the series are: stale markers, native histograms and their buckets. All under the shard
/// lock.
/// </summary>
internal static class NewestSample
{
    /// <summary>Buckets of the newest sample, as they are counted; 0 for a float or a stale marker.</summary>
    public static int Buckets(HeadShard shard, ref SeriesState state)
    {
        if ((state.Flags & SeriesFlags.Histogram) == 0)
            return 0;
        return (state.Flags & SeriesFlags.Open) == 0 ? state.SealedBuckets : state.Histograms.NewestBuckets(shard.Buffers);
    }

    /// <summary>Notes that a histogram was appended.</summary>
    /// <param name="counters">What is counted.</param>
    /// <param name="shard">The series' shard.</param>
    /// <param name="state">The series, the histogram in its open chunk.</param>
    /// <param name="bucketsBefore">What <see cref="Buckets"/> was before.</param>
    public static void NoteHistogram(HeadCounters counters, HeadShard shard, ref SeriesState state, int bucketsBefore)
    {
        if ((state.Flags & SeriesFlags.Histogram) == 0)
            HeadCounters.Add(ref counters.HistogramSeries, 1);
        state.Flags |= SeriesFlags.Histogram;
        HeadCounters.Add(ref counters.HistogramBuckets, Buckets(shard, ref state) - bucketsBefore);
    }

    /// <summary>Notes what the newest sample of a series without an open chunk is.</summary>
    public static void NoteSealed(HeadCounters counters, ref SeriesState state, bool isStale, int? buckets)
    {
        NoteStale(counters, ref state, isStale);
        if (buckets is not { } count)
            return;
        state.Flags |= SeriesFlags.Histogram;
        state.SealedBuckets = count;
        HeadCounters.Add(ref counters.HistogramSeries, 1);
        HeadCounters.Add(ref counters.HistogramBuckets, count);
    }

    /// <summary>Notes whether the newest sample is a stale marker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NoteStale(HeadCounters counters, ref SeriesState state, bool isStale)
    {
        if (isStale == ((state.Flags & SeriesFlags.Stale) != 0))
            return;
        state.Flags ^= SeriesFlags.Stale;
        HeadCounters.Add(ref counters.StaleSeries, isStale ? 1 : -1);
    }

    /// <summary>Notes that a series has no histogram as its newest sample any more; before its chunk is freed.</summary>
    public static void LeaveHistogram(HeadCounters counters, HeadShard shard, ref SeriesState state)
    {
        if ((state.Flags & SeriesFlags.Histogram) == 0)
            return;
        HeadCounters.Add(ref counters.HistogramBuckets, -Buckets(shard, ref state));
        HeadCounters.Add(ref counters.HistogramSeries, -1);
        state.Flags &= ~SeriesFlags.Histogram;
    }

    /// <summary>Notes that a series leaves the head; before its chunk is freed.</summary>
    public static void Forget(HeadCounters counters, HeadShard shard, ref SeriesState state)
    {
        LeaveHistogram(counters, shard, ref state);
        NoteStale(counters, ref state, isStale: false);
    }
}
