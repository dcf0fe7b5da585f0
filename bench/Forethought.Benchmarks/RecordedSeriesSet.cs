using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Benchmarks;

/// <summary>Series that all have the same samples, handed out in one run each: a source that costs nearly nothing by itself.</summary>
internal sealed class RecordedSeriesSet(Labels[] labels, SampleBatch samples) : ISeriesSet, IQuerier
{
    private int _current = -1;
    private bool _isRead;

    public ReadOnlySpan<byte> PackedLabels => labels[_current].Packed;

    public IReadOnlyList<string> Warnings => [];

    public bool MoveNext()
    {
        _isRead = false;
        return ++_current < labels.Length;
    }

    public bool Read(SampleBatch batch)
    {
        if (_isRead)
            return false;
        batch.AddRange(samples, 0, samples.Count);
        return _isRead = true;
    }

    /// <summary>Begins again and hands itself out.</summary>
    public ValueTask<ISeriesSet> SelectAsync(SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
    {
        _current = -1;
        return ValueTask.FromResult<ISeriesSet>(this);
    }

    public ValueTask<LabelQueryResult> LabelNamesAsync(IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<LabelQueryResult> LabelValuesAsync(
        string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public void Dispose()
    {
    }
}
