using Forethought.Storage;

namespace Forethought.Tsdb.Head;

/// <summary>What happened in the head since it was opened; the source of its metrics. Thread-safe through <see cref="Add"/>.</summary>
internal sealed class HeadCounters
{
    public long FloatsAppended;
    public long HistogramsAppended;
    public long FloatsOutOfOrder;
    public long HistogramsOutOfOrder;
    public long FloatsOutOfBounds;
    public long HistogramsOutOfBounds;
    public long FloatsTooOld;
    public long HistogramsTooOld;
    public long FloatsAppendedOutOfOrder;
    public long HistogramsAppendedOutOfOrder;
    public long LateSeriesUnknown;
    public long LateFloatsUnknown;
    public long LateHistogramsUnknown;
    public long LateMarkersUnknown;
    public long SeriesCreated;
    public long SeriesRemoved;
    public long SeriesNotFound;
    public long ChunksCreated;
    public long ChunksRemoved;
    public long ActiveAppenders;
    public long Truncations;
    public long TruncationsFailed;
    public long StaleSeries;
    public long HistogramSeries;
    public long HistogramBuckets;
    public long WalCorruptions;
    public long ChunkFileCorruptions;
    public long SnapshotsFailed;
    public long CheckpointsCreated;
    public long CheckpointsFailed;
    public long CheckpointDeletions;
    public long CheckpointDeletionsFailed;
    public long WalTruncations;
    public long WalTruncationsFailed;
    public long AppendersCreated;

    /// <summary>Counts a row that was refused.</summary>
    public void NoteRefused(AppendOutcome outcome, bool isHistogram)
    {
        switch (outcome)
        {
            case AppendOutcome.OutOfOrder:
                Add(ref isHistogram ? ref HistogramsOutOfOrder : ref FloatsOutOfOrder, 1);
                break;
            case AppendOutcome.OutOfBounds:
                Add(ref isHistogram ? ref HistogramsOutOfBounds : ref FloatsOutOfBounds, 1);
                break;
            case AppendOutcome.TooOld:
                Add(ref isHistogram ? ref HistogramsTooOld : ref FloatsTooOld, 1);
                break;
            case AppendOutcome.UnknownSeries:
                Add(ref SeriesNotFound, 1);
                break;
        }
    }

    /// <summary>Counts rows that were inserted out of order.</summary>
    public void NoteOutOfOrder(int floats, int histograms)
    {
        Add(ref FloatsAppended, floats);
        Add(ref HistogramsAppended, histograms);
        Add(ref FloatsAppendedOutOfOrder, floats);
        Add(ref HistogramsAppendedOutOfOrder, histograms);
    }

    public static void Add(ref long counter, long amount)
    {
        if (amount != 0)
            Interlocked.Add(ref counter, amount);
    }
}
