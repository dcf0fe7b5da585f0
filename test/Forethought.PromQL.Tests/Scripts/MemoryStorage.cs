using Forethought.Model;
using Forethought.PromQL.Syntax;
using Forethought.Storage;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Series in memory, the simplest storage there can be. Series come in the order in which they were made.</summary>
internal sealed class MemoryStorage : IQueryable, IScriptStorage
{
    private readonly Dictionary<Labels, MemorySeries> _byLabels = [];
    private readonly List<MemorySeries> _series = [];

    public IQueryable Samples => this;

    public Task CommitAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Append(Labels labels, MemorySample sample)
    {
        if (!_byLabels.TryGetValue(labels, out MemorySeries? series))
        {
            _byLabels.Add(labels, series = new MemorySeries(labels));
            _series.Add(series);
        }

        series.Append(sample);
    }

    /// <summary>Adds a series in series notation with a sample every <paramref name="stepMs"/> from time 0 on.</summary>
    public void Load(string description, long stepMs)
    {
        SeriesDescription series = PromQlParser.ParseSeriesDescription(description);
        for (int i = 0; i < series.Values.Count; i++)
        {
            if (!series.Values[i].Omitted)
                Append(series.Labels, new MemorySample(i * stepMs, 0, series.Values[i].Value, series.Values[i].Histogram));
        }
    }

    public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs) => new Querier(_series, minTimeMs, maxTimeMs);

    private sealed class Querier(List<MemorySeries> series, long minTimeMs, long maxTimeMs) : IQuerier
    {
        public ValueTask<ISeriesSet> SelectAsync(SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
        {
            List<MemorySeries> selected = [.. series.Where(each => matchers.All(matcher => matcher.Matches(each.Labels.Get(matcher.NameUtf8))))];
            if (hints.SortSeries)
                selected.Sort(static (left, right) => left.Labels.CompareTo(right.Labels));
            return new(new SeriesSet(selected, minTimeMs, maxTimeMs, hints.NewestOnly ? hints.EndMs : null));
        }

        public ValueTask<LabelQueryResult> LabelNamesAsync(IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("queries ask for no label names");

        public ValueTask<LabelQueryResult> LabelValuesAsync(
            string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("queries ask for no label values");

        public void Dispose()
        {
        }
    }

    // Where the newest sample is enough no other is handed out: whoever looks at one shows it.
    private sealed class SeriesSet(List<MemorySeries> series, long minTimeMs, long maxTimeMs, long? newestUntilMs) : ISeriesSet
    {
        private int _current = -1;
        private bool _read;

        public ReadOnlySpan<byte> PackedLabels => series[_current].Labels.Packed;

        public IReadOnlyList<string> Warnings => [];

        public bool MoveNext()
        {
            _read = false;
            return ++_current < series.Count;
        }

        public bool Read(SampleBatch batch)
        {
            if (_read)
                return false;
            _read = true;
            int before = batch.Count;
            long maxMs = Math.Min(maxTimeMs, newestUntilMs ?? maxTimeMs);
            MemorySample[] wanted = [.. series[_current].Samples.Where(sample => sample.TimeMs >= minTimeMs && sample.TimeMs <= maxMs)];
            foreach (MemorySample sample in newestUntilMs is null ? wanted : wanted.TakeLast(1))
                Add(batch, sample);

            return batch.Count > before;
        }

        public void Dispose()
        {
        }

        private static void Add(SampleBatch batch, MemorySample sample)
        {
            if (sample.Histogram is { } histogram)
            {
                histogram.CopyTo(batch.AddHistogram(sample.TimeMs));
                batch.CompleteHistogram();
            }
            else
            {
                batch.Add(sample.TimeMs, sample.Value);
            }

            if (sample.StartTimeMs != 0)
                batch.RequireStartTimes()[batch.Count - 1] = sample.StartTimeMs;
        }
    }
}
