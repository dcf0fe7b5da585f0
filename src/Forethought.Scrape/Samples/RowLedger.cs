using Forethought.Scrape.Cache;
using Forethought.Storage;

namespace Forethought.Scrape.Samples;

/// <summary>
/// Remembers which cache entry each row of a batch came from, and settles the entries with what became of the rows. Reused with its batch.
/// </summary>
internal sealed class RowLedger(ScrapeMetrics metrics)
{
    /// <summary>The entry of a row whose line is not cached.</summary>
    public const int NoEntry = -1;

    private Row[] _rows = new Row[256];

    /// <summary>Notes the next row of the batch.</summary>
    /// <param name="row">Its index.</param>
    /// <param name="entry">The index of its cache entry, or <see cref="NoEntry"/>.</param>
    /// <param name="isNew">Whether its series was not in the cache before.</param>
    /// <param name="tracks">Whether its sample keeps the series from going stale.</param>
    public void Note(int row, int entry, bool isNew, bool tracks)
    {
        if (row == _rows.Length)
            Array.Resize(ref _rows, 2 * row);
        _rows[row] = new Row(entry, isNew, tracks);
    }

    /// <summary>Takes series that the storage does not know out of the cache; false when there is none.</summary>
    public bool RemoveUnknown(AppendBatch batch, CacheWalk walk)
    {
        bool isUnknown = false;
        for (int i = 0; i < batch.Count; i++)
        {
            if (batch.Outcomes[i] == AppendOutcome.UnknownSeries && _rows[i].Entry != NoEntry)
            {
                walk.At(_rows[i].Entry).Remove();
                isUnknown = true;
            }
        }

        return isUnknown;
    }

    /// <summary>Counts refused rows; their series are not tracked by them.</summary>
    public void Settle(AppendBatch batch, CacheWalk walk, ref ScrapeCounts counts)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            if (IsRefused(batch.Outcomes[i]))
            {
                Count(batch.Outcomes[i], ref counts);
                Untrack(_rows[i], walk, ref counts);
            }
        }

        // A series with several samples is tracked if one of them was accepted.
        for (int i = 0; i < batch.Count; i++)
        {
            if (!IsRefused(batch.Outcomes[i]) && _rows[i].Tracks && _rows[i].Entry != NoEntry)
                walk.At(_rows[i].Entry).Track();
        }
    }

    private static bool IsRefused(AppendOutcome outcome) => outcome is not (AppendOutcome.Accepted or AppendOutcome.Identical);

    private void Count(AppendOutcome outcome, ref ScrapeCounts counts)
    {
        switch (outcome)
        {
            case AppendOutcome.OutOfOrder:
                counts.OutOfOrder++;
                metrics.SamplesOutOfOrder.Inc();
                break;
            case AppendOutcome.DuplicateTimestamp:
                counts.Duplicates++;
                metrics.SamplesDuplicate.Inc();
                break;
            default:
                counts.OutOfBounds++;
                metrics.SamplesOutOfBounds.Inc();
                break;
        }
    }

    // A series whose first sample was refused is no part of the cache: no stale marker is due for it.
    private static void Untrack(Row row, CacheWalk walk, ref ScrapeCounts counts)
    {
        if (row.Entry == NoEntry)
            return;
        ref CacheEntry entry = ref walk.At(row.Entry);
        if (row.IsNew)
        {
            entry.Remove();
            counts.SeriesAdded--;
        }
        else
        {
            entry.Untrack();
        }
    }

    private readonly record struct Row(int Entry, bool IsNew, bool Tracks);
}
