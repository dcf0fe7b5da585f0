using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Random transactions of floats and histograms, rollbacks, truncations and restarts, seeded, against a dictionary of sorted lists. The model knows the
/// rules of appending only; that a truncation may keep what shares a chunk with newer samples is allowed for.
/// </summary>
public sealed class ModelTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<Labels, List<(long TimeMs, double Value)>> _model = [];
    private long _truncatedMs;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_random_history_gives_what_the_model_gives(int seed)
    {
        var random = new Random(seed);
        TsdbStore store = await OpenAsync();
        long now = 1_700_000_000_000;
        for (int step = 0; step < 400; step++)
        {
            now += random.Next(1, 120_000);
            int action = random.Next(100);
            if (action < 80)
                await TransactAsync(store, random, now);
            else if (action < 90)
                await CheckAsync(store, now - random.Next(20_000_000), now);
            else if (action < 97)
                await TruncateAsync(store, now - random.Next(3_000_000, 12_000_000));
            else
                store = await ReopenAsync(store);
        }

        await CheckAsync(store, 0, long.MaxValue);
        store = await ReopenAsync(store);
        await CheckAsync(store, 0, long.MaxValue);
        await store.DisposeAsync();
    }

    private Task<TsdbStore> OpenAsync() =>
        TsdbStore.OpenAsync(new TsdbOptions { Path = _directory.Path, WalSegmentSize = 32 * 1024, Retention = RetentionLimits.None });

    private async Task<TsdbStore> ReopenAsync(TsdbStore store)
    {
        await store.DisposeAsync();

        // The log may still hold what was truncated from memory only.
        TsdbStore reopened = await OpenAsync();
        await reopened.TruncateHeadAsync(_truncatedMs);
        return reopened;
    }

    private async Task TransactAsync(TsdbStore store, Random random, long now)
    {
        long head = store.Head.Bounds.MaxTimeMs;
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch(4);
        var rows = new List<Labels>();
        var values = new List<double>();
        for (int i = random.Next(1, 60); i > 0; i--)
        {
            Labels labels = Labels.FromStrings("__name__", $"m{random.Next(4)}", "i", $"{random.Next(40)}");
            rows.Add(labels);
            long time = now - (random.Next(8) == 0 ? random.Next(5_000_000) : random.Next(3));
            double value = random.Next(6) == 0 ? random.NextDouble() : random.Next(3);
            if (labels["__name__"] == "m3")
                batch.Add(appender.Series(labels), time, HistogramOf(value));
            else
                batch.Add(appender.Series(labels), time, value);
            values.Add(value);
        }

        appender.Append(batch);
        long oldest = Math.Max((head == long.MinValue ? batch.TimesMs[0] : head) - 3_600_000, _truncatedMs);
        for (int row = 0; row < rows.Count; row++)
            Assert.Equal(Expected(rows[row], batch.TimesMs[row], values[row], oldest), batch.Outcomes[row]);
        if (random.Next(10) == 0)
            return;
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        for (int row = 0; row < rows.Count; row++)
            Apply(rows[row], batch.TimesMs[row], values[row], oldest);
    }

    // A histogram that a single number tells from others; read back, its sum stands in the value column.
    private static Histogram HistogramOf(double value) => new()
    {
        Schema = 3,
        Count = 5 + (ulong)value,
        Sum = value,
        PositiveSpans = [new HistogramSpan((int)value, 2)],
        PositiveBuckets = [2, 1 + (long)value],
    };

    private AppendOutcome Expected(Labels labels, long timeMs, double value, long oldestMs)
    {
        if (timeMs < oldestMs)
            return AppendOutcome.OutOfBounds;
        if (!_model.TryGetValue(labels, out var samples) || samples.Count == 0 || timeMs > samples[^1].TimeMs)
            return AppendOutcome.Accepted;
        if (timeMs < samples[^1].TimeMs)
            return AppendOutcome.OutOfOrder;
        return value.Equals(samples[^1].Value) ? AppendOutcome.Identical : AppendOutcome.DuplicateTimestamp;
    }

    // Rows of one transaction were checked against what was committed; among themselves they are checked when they are written.
    private void Apply(Labels labels, long timeMs, double value, long oldestMs)
    {
        if (Expected(labels, timeMs, value, oldestMs) != AppendOutcome.Accepted)
            return;
        if (!_model.TryGetValue(labels, out var samples))
            _model.Add(labels, samples = []);
        samples.Add((timeMs, value));
    }

    private async Task TruncateAsync(TsdbStore store, long timeMs)
    {
        if (timeMs <= _truncatedMs)
            return;
        _truncatedMs = timeMs;
        await store.TruncateHeadAsync(timeMs);
        foreach (Labels labels in _model.Keys.ToArray())
        {
            if (_model[labels][^1].TimeMs < timeMs)
                _model.Remove(labels);
        }

        Assert.InRange(store.Head.Index.SeriesCount, _model.Count, _model.Count + 160);
    }

    private async Task CheckAsync(TsdbStore store, long minTimeMs, long maxTimeMs)
    {
        minTimeMs = Math.Max(minTimeMs, _truncatedMs);
        var actual = await store.ReadAsync(minTimeMs, maxTimeMs);
        var expected = _model
            .Select(entry => (entry.Key, Samples: entry.Value.FindAll(s => s.TimeMs >= minTimeMs && s.TimeMs <= maxTimeMs)))
            .Where(entry => entry.Samples.Count > 0)
            .OrderBy(entry => entry.Key)
            .ToArray();
        Assert.Equal(expected.Select(entry => entry.Key), actual.Where(entry => entry.Value.Count > 0).Select(entry => entry.Key));
        foreach ((Labels labels, List<(long, double)> samples) in expected)
            Assert.Equal(samples, actual[labels]);
    }
}
