using Forethought.Model;

namespace Forethought.Storage.Merging;

/// <summary>
/// One of the sets that are merged, and of its current series the run of samples read last. A run is read only when the one before it
/// was used up, into the same memory for all runs of all series.
/// </summary>
internal sealed class MergeSource(ISeriesSet series)
{
    private readonly SampleBatch _run = new(0);
    private int _position;

    public ISeriesSet Series { get; } = series;

    /// <summary>The time of the current sample; there must be one.</summary>
    public long TimeMs => _run.TimesMs[_position];

    /// <summary>Whether the current sample is the last one read.</summary>
    public bool IsRunUsedUp => _position >= _run.Count - 1;

    /// <summary>Forgets what was read of the series before: the current sample is none.</summary>
    public void BeginSeries()
    {
        _run.Clear();
        _position = -1;
    }

    /// <summary>Moves to the next sample of the series; false at the end.</summary>
    /// <exception cref="StorageException">Data could not be read.</exception>
    public bool MoveNext()
    {
        if (++_position < _run.Count)
            return true;
        BeginSeries();
        if (!Series.Read(_run))
            return false;
        _position = 0;
        return true;
    }

    /// <summary>
    /// Copies the current sample and those of its run that are older than a time; the last one of them becomes the current one.
    /// </summary>
    public void CopyTo(SampleBatch batch, long beforeMs)
    {
        int count = CountBefore(beforeMs);
        batch.AddRange(_run, _position, count);
        _position += count - 1;
    }

    // At least one. Runs that do not overlap are taken whole; in those that do, the end is most often near.
    private int CountBefore(long timeMs)
    {
        ReadOnlySpan<long> times = _run.TimesMs.AsSpan(_position, _run.Count - _position);
        if (times[^1] < timeMs)
            return times.Length;
        int low = 1, high = 1;
        while (high < times.Length && times[high] < timeMs)
        {
            low = high + 1;
            high *= 2;
        }

        int found = times[low..Math.Min(high, times.Length)].BinarySearch(timeMs);
        return low + (found < 0 ? ~found : found);
    }
}
