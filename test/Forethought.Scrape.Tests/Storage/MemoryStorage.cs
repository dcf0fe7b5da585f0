using System.Globalization;
using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Scrape.Tests;

/// <summary>
/// A store that keeps what was committed, with the rules of the head for order and duplicates: enough of one for scrapes to be held
/// against. Thread-safe.
/// </summary>
internal sealed class MemoryStorage : IAppendable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Labels, SeriesRef> _references = [];
    private readonly Dictionary<ulong, Labels> _series = [];
    private readonly Dictionary<ulong, List<(long TimeMs, double Value)>> _samples = [];
    private ulong _lastReference;
    private TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Commits { get; private set; }

    public int Created { get; private set; }

    /// <summary>Thrown by the next commits while set.</summary>
    public Exception? CommitFailure { get; set; }

    /// <summary>The first reference is this plus one.</summary>
    public ulong FirstReference
    {
        init => _lastReference = value;
    }

    public List<Exemplar> Exemplars { get; } = [];

    /// <summary>The metadata handed in, as <c>name type unit help</c>, committed or not.</summary>
    public List<string> Metadata { get; } = [];

    /// <summary>What becomes of exemplars.</summary>
    public ExemplarOutcome ExemplarOutcome { get; init; }

    /// <summary>Times below are out of bounds.</summary>
    public long MinTimeMs { get; set; } = long.MinValue;

    public IAppender OpenAppender() => new Appender(this);

    /// <summary>All samples as lines <c>{labels} value@time</c>, by labels, the reports left out.</summary>
    public List<string> Lines(bool withReports = false)
    {
        lock (_lock)
        {
            return
            [
                .. _series.Where(series => _samples.ContainsKey(series.Key) && (withReports || !IsReport(series.Value))).OrderBy(series => series.Value)
                    .SelectMany(series => _samples[series.Key].Select(sample => Line(series.Value, sample))),
            ];
        }
    }

    /// <summary>The samples of the series with a name, in order of time.</summary>
    public List<(long TimeMs, double Value)> Samples(string name)
    {
        lock (_lock)
        {
            return
            [
                .. _series.Where(series => series.Value["__name__"] == name && _samples.ContainsKey(series.Key))
                    .SelectMany(series => _samples[series.Key]).OrderBy(sample => sample.TimeMs),
            ];
        }
    }

    public double Last(string name) => Samples(name)[^1].Value;

    /// <summary>Waits until so many transactions were committed.</summary>
    public async Task WaitForCommits(int count)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (Commits >= count)
                    return;
                next = _committed.Task;
            }

            await next.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    /// <summary>Forgets series, as a store does that collects those without samples; their references become unknown.</summary>
    public void Collect()
    {
        lock (_lock)
        {
            _references.Clear();
            _series.Clear();
            _samples.Clear();
        }
    }

    private static bool IsReport(Labels labels) => labels["__name__"] == "up" || labels["__name__"].StartsWith("scrape_", StringComparison.Ordinal);

    private static string Line(Labels labels, (long TimeMs, double Value) sample)
    {
        string value = StaleMarker.IsStale(sample.Value) ? "stale" : sample.Value.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{labels} {value}@{sample.TimeMs}");
    }

    private sealed class Appender(MemoryStorage storage) : IAppender
    {
        private readonly List<(ulong Series, long TimeMs, double Value)> _staged = [];
        private readonly List<Exemplar> _exemplars = [];

        public SeriesRef GetOrCreate(ReadOnlySpan<byte> packedLabels, ulong hash, out bool created)
        {
            Labels labels = Labels.FromPacked(packedLabels);
            if (hash != labels.Hash())
                throw new ArgumentException("wrong hash");
            lock (storage._lock)
            {
                created = !storage._references.TryGetValue(labels, out SeriesRef reference);
                if (!created)
                    return reference;
                reference = new SeriesRef(++storage._lastReference);
                storage._references.Add(labels, reference);
                storage._series.Add(reference.Value, labels);
                storage.Created++;
                return reference;
            }
        }

        public bool IsKnown(SeriesRef series)
        {
            lock (storage._lock)
                return storage._series.ContainsKey(series.Value);
        }

        public int Append(AppendBatch batch)
        {
            int refused = 0;
            lock (storage._lock)
            {
                foreach ((SeriesRef series, SeriesMetadata metadata) in batch.Metadata)
                    storage.Metadata.Add($"{storage._series[series.Value]["__name__"]} {metadata.Type} {metadata.Unit} {metadata.Help}");
                for (int i = 0; i < batch.Count; i++)
                {
                    batch.Outcomes[i] = Judge(batch.Series[i].Value, batch.TimesMs[i], batch.Values[i]);
                    if (batch.Outcomes[i] == AppendOutcome.Accepted)
                        _staged.Add((batch.Series[i].Value, batch.TimesMs[i], batch.Values[i]));
                    else if (batch.Outcomes[i] != AppendOutcome.Identical)
                        refused++;
                }
            }

            _exemplars.AddRange(batch.Exemplars.Select(item => item.Exemplar));
            batch.ExemplarOutcomes.AddRange(batch.Exemplars.Select(_ => storage.ExemplarOutcome));
            return refused;
        }

        public ValueTask CommitAsync(CancellationToken cancellationToken = default)
        {
            if (storage.CommitFailure is { } failure)
                return ValueTask.FromException(failure);
            TaskCompletionSource committed;
            lock (storage._lock)
            {
                foreach ((ulong series, long timeMs, double value) in _staged)
                {
                    if (!storage._samples.TryGetValue(series, out List<(long, double)>? samples))
                        storage._samples.Add(series, samples = []);
                    samples.Add((timeMs, value));
                }

                storage.Exemplars.AddRange(_exemplars);
                storage.Commits++;
                committed = storage._committed;
                storage._committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            committed.SetResult();
            return ValueTask.CompletedTask;
        }

        public void Rollback() => _staged.Clear();

        public void Dispose() => _staged.Clear();

        private AppendOutcome Judge(ulong series, long timeMs, double value)
        {
            if (!storage._series.ContainsKey(series))
                return AppendOutcome.UnknownSeries;
            if (timeMs < storage.MinTimeMs)
                return AppendOutcome.OutOfBounds;
            (long TimeMs, double Value)? last = storage._samples.TryGetValue(series, out List<(long, double)>? samples) ? samples[^1] : null;
            int staged = _staged.FindLastIndex(row => row.Series == series);
            if (staged >= 0)
                last = (_staged[staged].TimeMs, _staged[staged].Value);
            if (last is null || timeMs > last.Value.TimeMs)
                return AppendOutcome.Accepted;
            if (timeMs < last.Value.TimeMs)
                return AppendOutcome.OutOfOrder;
            return BitConverter.DoubleToInt64Bits(last.Value.Value) == BitConverter.DoubleToInt64Bits(value)
                ? AppendOutcome.Identical
                : AppendOutcome.DuplicateTimestamp;
        }
    }
}
