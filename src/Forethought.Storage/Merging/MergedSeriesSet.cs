using Forethought.Model;

namespace Forethought.Storage.Merging;

/// <summary>
/// Sets of series in label order as one: equal series become one series with the samples of all. Owns the sets. Of each set one run
/// of samples is in memory at a time, and none where a series is in one set only.
/// </summary>
internal sealed class MergedSeriesSet : ISeriesSet
{
    private readonly MergeSource[] _sources;
    private readonly MinHeap<MergeSource, LabelOrder> _waiting;
    private readonly SampleMerge _samples;
    private readonly int _limit;

    // The sources that stand on the current series.
    private readonly List<MergeSource> _current;
    private int _yielded;
    private bool _isBegun;
    private bool _isMerging;

    /// <summary>Merges sets.</summary>
    /// <param name="sets">Each in the order of its labels.</param>
    /// <param name="limit">The most series to return, 0 for all.</param>
    public MergedSeriesSet(IReadOnlyCollection<ISeriesSet> sets, int limit)
    {
        _sources = [.. sets.Select(set => new MergeSource(set))];
        _waiting = new MinHeap<MergeSource, LabelOrder>(_sources.Length);
        _samples = new SampleMerge(_sources.Length);
        _current = new List<MergeSource>(_sources.Length);
        _limit = limit;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => _current[0].Series.PackedLabels;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => MergedWarnings.Of(_sources.Select(source => source.Series.Warnings));

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (_limit > 0 && _yielded >= _limit)
            return false;
        Advance();
        if (_waiting.Count == 0)
            return false;
        TakeEqual();
        _isMerging = false;
        _yielded++;
        return true;
    }

    /// <inheritdoc/>
    public bool Read(SampleBatch batch)
    {
        if (_current.Count == 1)
            return _current[0].Series.Read(batch);
        if (!_isMerging)
        {
            _samples.Begin(_current);
            _isMerging = true;
        }

        return _samples.Read(batch);
    }

    /// <inheritdoc/>
    public void Dispose() => Disposal.All(_sources.Select(source => source.Series));

    private void Advance()
    {
        IReadOnlyList<MergeSource> used = _isBegun ? _current : _sources;
        _isBegun = true;
        for (int i = 0; i < used.Count; i++)
        {
            if (used[i].Series.MoveNext())
                _waiting.Push(used[i]);
        }

        _current.Clear();
    }

    private void TakeEqual()
    {
        MergeSource first = _waiting.Pop();
        _current.Add(first);
        while (_waiting.Count > 0 && _waiting.Top.Series.PackedLabels.SequenceEqual(first.Series.PackedLabels))
            _current.Add(_waiting.Pop());
    }
}
