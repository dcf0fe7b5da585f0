using Forethought.Model;

namespace Forethought.Storage.Tests.Merging;

/// <summary>A source in memory that remembers what it was asked and whether it was disposed, and fails where it is told to.</summary>
internal sealed class ListQuerier : IQuerier
{
    private readonly SortedDictionary<Labels, List<StoredSample>> _series = [];

    public int RunLength { get; init; } = 3;

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public Exception? SelectFailure { get; init; }

    public Exception? ReadFailure { get; init; }

    public Exception? DisposeFailure { get; init; }

    /// <summary>What a selection waits for, as if another machine had to answer.</summary>
    public Task Answers { get; init; } = Task.CompletedTask;

    public SelectHints? Hints { get; private set; }

    public List<ListSeriesSet> Sets { get; } = [];

    public bool IsDisposed { get; private set; }

    public ListQuerier Add(Labels labels, params IEnumerable<StoredSample> samples)
    {
        if (!_series.TryGetValue(labels, out List<StoredSample>? stored))
            _series.Add(labels, stored = []);
        stored.AddRange(samples);
        return this;
    }

    public async ValueTask<ISeriesSet> SelectAsync(SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
    {
        Hints = hints;
        await Answers;
        if (SelectFailure is not null)
            throw SelectFailure;
        var set = new ListSeriesSet([.. _series], RunLength, Warnings, ReadFailure, DisposeFailure);
        Sets.Add(set);
        return set;
    }

    public ValueTask<LabelQueryResult> LabelNamesAsync(IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken) =>
        Answer(_series.Keys.SelectMany(Names), limit);

    public ValueTask<LabelQueryResult> LabelValuesAsync(
        string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken) =>
        Answer(_series.Keys.Select(labels => labels[name]).Where(value => value != ""), limit);

    public void Dispose()
    {
        IsDisposed = true;
        if (DisposeFailure is not null)
            throw DisposeFailure;
    }

    private static List<string> Names(Labels labels)
    {
        List<string> names = [];
        foreach (Label label in labels)
            names.Add(label.NameText);
        return names;
    }

    private ValueTask<LabelQueryResult> Answer(IEnumerable<string> texts, int limit)
    {
        if (SelectFailure is not null)
            throw SelectFailure;
        string[] sorted =
            [.. texts.Distinct().OrderBy(System.Text.Encoding.UTF8.GetBytes, Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)))];
        bool isCut = limit > 0 && sorted.Length > limit;
        return ValueTask.FromResult(new LabelQueryResult(isCut ? sorted[..limit] : sorted, isCut, Warnings));
    }
}
