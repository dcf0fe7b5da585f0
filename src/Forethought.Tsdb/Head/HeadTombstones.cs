using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Head;

/// <summary>
/// What was deleted from series of the head, by their references. Readers take <see cref="Current"/>; changes come from one caller at
/// a time.
/// </summary>
/// <remarks>
/// Appending needs to know nothing of this: an interval ends with the newest sample that its series had when it was deleted, and what
/// is appended later is newer. What comes out of order is not concerned; see <see cref="OutOfOrder.OutOfOrderDeletion"/>.
/// </remarks>
internal sealed class HeadTombstones
{
    private TombstoneSet? _current;

    /// <summary>The deletions as they are now, which do not change any more; null while there are none.</summary>
    public TombstoneSet? Current => Volatile.Read(ref _current);

    /// <summary>Adds deletions.</summary>
    public void Add(TombstoneSet added)
    {
        if (added.Count == 0)
            return;
        var next = new TombstoneSet();
        if (_current is { } current)
            next.AddRange(current);
        next.AddRange(added);
        Volatile.Write(ref _current, next);
    }

    /// <summary>Forgets what concerns no chunk any more.</summary>
    /// <param name="oldestMs">
    /// Where the oldest chunk begins. That may be before the time that the head was truncated to: such a chunk still has its deleted
    /// samples.
    /// </param>
    /// <param name="collected">Series that are gone.</param>
    public void Truncate(long oldestMs, IReadOnlyCollection<ulong> collected)
    {
        if (_current is not { } current)
            return;
        var gone = new HashSet<ulong>(collected);
        var left = new TombstoneSet();
        foreach ((ulong reference, TimeIntervals intervals) in current.Series)
        {
            if (gone.Contains(reference))
                continue;
            foreach (TimeInterval interval in intervals.Span)
            {
                if (interval.MaxTimeMs >= oldestMs)
                    left.Add(reference, interval);
            }
        }

        Volatile.Write(ref _current, left.Count == 0 ? null : left);
    }
}
