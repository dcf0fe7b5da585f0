using Forethought.Model;

namespace Forethought.Storage.Merging;

/// <summary>
/// Merges the samples of equal series by time, each time once. The rule which of several samples of one time is kept, and after which
/// samples nothing is known about counter resets, is that of <c>chainSampleIterator</c> in upstream's <c>storage/merge.go</c>: read
/// on from the current source as long as it is older than all others, otherwise change to the oldest. Here a source is read on by
/// the range, not by the sample. Reused for series after series.
/// </summary>
internal sealed class SampleMerge(int sources)
{
    // Samples that one Read brings at least, as far as there are any: few calls, but no endless batch.
    private const int ReadTarget = 4096;

    // The sources but the current one, each on a sample that was not used yet.
    private readonly MinHeap<MergeSource, TimeOrder> _waiting = new(sources);
    private MergeSource? _current;
    private long _lastTimeMs;

    // Whether the next sample does not directly follow, in its source, the sample before.
    private bool _isSwitched;

    /// <summary>Begins a series that two or more sources have.</summary>
    /// <exception cref="StorageException">Data could not be read.</exception>
    public void Begin(List<MergeSource> sources)
    {
        _waiting.Clear();
        foreach (MergeSource source in sources)
            source.BeginSeries();
        for (int i = 1; i < sources.Count; i++)
        {
            if (sources[i].MoveNext())
                _waiting.Push(sources[i]);
        }

        _current = sources[0];
        _lastTimeMs = long.MinValue;
        _isSwitched = true;
    }

    /// <summary>Appends the next merged samples; false when there was none left.</summary>
    /// <exception cref="StorageException">Data could not be read.</exception>
    public bool Read(SampleBatch batch)
    {
        int before = batch.Count;
        while (_current is not null && batch.Count - before < ReadTarget)
        {
            if (_waiting.Count == 0 && _current.IsRunUsedUp)
                ReadThrough(batch);
            else if (MoveNext())
                CopyRange(batch);
        }

        return batch.Count > before;
    }

    // One source is left: nothing to merge, nothing to copy.
    private void ReadThrough(SampleBatch batch)
    {
        int first = batch.Count;
        if (_current!.Series.Read(batch))
            CompleteRange(batch, first);
        else
            _current = null;
    }

    private void CopyRange(SampleBatch batch)
    {
        int first = batch.Count;
        _current!.CopyTo(batch, beforeMs: _waiting.Count == 0 ? long.MaxValue : _waiting.Top.TimeMs);
        CompleteRange(batch, first);
    }

    // Moves on to the oldest sample, in whatever source; false when it is to be passed over or there is none.
    private bool MoveNext()
    {
        if (!_current!.MoveNext())
            return ChangeSource();
        if (_waiting.Count == 0 || _current.TimeMs < _waiting.Top.TimeMs)
            return true;
        _waiting.Push(_current);
        return ChangeSource();
    }

    private bool ChangeSource()
    {
        _current = _waiting.Count == 0 ? null : _waiting.Pop();
        _isSwitched = true;
        return _current is not null && _current.TimeMs != _lastTimeMs;
    }

    private void CompleteRange(SampleBatch batch, int first)
    {
        if (_isSwitched && batch.Histograms?[first] is { CounterResetHint: not CounterResetHint.Gauge } histogram)
            histogram.CounterResetHint = CounterResetHint.Unknown;
        _isSwitched = false;
        _lastTimeMs = batch.TimesMs[batch.Count - 1];
    }
}
