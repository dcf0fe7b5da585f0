using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Random commits beside readers of every age, seeded: each reader must see exactly what was there when it opened, across closed
/// chunks, collected series and truncations of what it did not ask for.
/// </summary>
public sealed class IsolationModelTests : IAsyncDisposable
{
    private const int SeriesCount = 12;

    private readonly TsdbStore _store = TsdbStore.OpenAsync(
        new TsdbOptions { SamplesPerChunk = 8, Retention = RetentionLimits.None }).GetAwaiter().GetResult();

    private readonly Dictionary<Labels, List<(long TimeMs, double Value)>> _model = [];
    private readonly List<Reader> _readers = [];

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Every_reader_sees_the_moment_of_its_opening(int seed)
    {
        var random = new Random(seed);
        long now = 1_700_000_000_000;
        for (int step = 0; step < 1200; step++)
        {
            now += random.Next(1, 30_000);
            int action = random.Next(100);
            if (action < 60)
                await CommitAsync(random, now);
            else if (action < 75)
                Open(random, now);
            else if (action < 90 && _readers.Count > 0)
                await CheckAsync(_readers[random.Next(_readers.Count)]);
            else if (action < 97 && _readers.Count > 0)
                await CloseAsync(random.Next(_readers.Count));
            else
                await TruncateAsync(now);
        }

        while (_readers.Count > 0)
            await CloseAsync(0);
        await CommitAllAsync(now + 30_000);
        Assert.All(_store.Head.Shards, shard => Assert.Equal(0, shard.Runs.Count));
    }

    private static Labels LabelsOf(int i) => Labels.FromStrings("__name__", "m", "i", $"{i}");

    private async Task CommitAsync(Random random, long now)
    {
        using IAppender appender = _store.OpenAppender();
        var batch = new AppendBatch();
        var rows = new List<Labels>();
        for (int i = 0; i < SeriesCount; i++)
        {
            if (random.Next(3) == 0)
                continue;
            for (int j = random.Next(1, 4); j > 0; j--)
            {
                rows.Add(LabelsOf(i));
                batch.Add(appender.Series(LabelsOf(i)), now - j, random.Next(5));
            }
        }

        Assert.Equal(0, appender.Append(batch));
        if (random.Next(12) == 0)
            return;
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        for (int row = 0; row < rows.Count; row++)
            Samples(rows[row]).Add((batch.TimesMs[row], batch.Values[row]));
    }

    // After this no series has a run that some reader had needed.
    private async Task CommitAllAsync(long now)
    {
        for (int i = 0; i < SeriesCount; i++)
            await _store.AppendAsync(LabelsOf(i), (now, 1));
        for (int i = 0; i < SeriesCount; i++)
            await _store.AppendAsync(LabelsOf(i), (now + 1, 1));
    }

    private List<(long TimeMs, double Value)> Samples(Labels labels)
    {
        if (!_model.TryGetValue(labels, out var samples))
            _model.Add(labels, samples = []);
        return samples;
    }

    private void Open(Random random, long now)
    {
        long min = now - random.Next(1_000_000);
        long max = random.Next(2) == 0 ? long.MaxValue : min + random.Next(1_000_000);
        var expected = _model
            .Select(entry => (entry.Key, Samples: entry.Value.FindAll(s => s.TimeMs >= min && s.TimeMs <= max)))
            .Where(entry => entry.Samples.Count > 0)
            .ToDictionary(entry => entry.Key, entry => entry.Samples);
        _readers.Add(new Reader(_store.OpenQuerier(min, max), min, expected));
    }

    private static async Task CheckAsync(Reader reader)
    {
        var actual = await reader.Querier.ReadAsync();
        var withSamples = actual.Where(entry => entry.Value.Count > 0).ToDictionary();
        Assert.Equal(reader.Expected.Keys.Order(), withSamples.Keys.Order());
        foreach ((Labels labels, List<(long, double)> samples) in reader.Expected)
            Assert.Equal(samples, withSamples[labels]);
    }

    private async Task CloseAsync(int index)
    {
        Reader reader = _readers[index];
        await CheckAsync(reader);
        reader.Querier.Dispose();
        _readers.RemoveAt(index);
    }

    // Only up to what no reader wants, because truncation waits for those.
    private async Task TruncateAsync(long now)
    {
        long min = _readers.Select(reader => reader.MinTimeMs).Append(now - 1_000_000).Min();
        await _store.TruncateHeadAsync(min);
        foreach (List<(long TimeMs, double Value)> samples in _model.Values)
            samples.RemoveAll(sample => sample.TimeMs < min);
    }

    private sealed record Reader(IQuerier Querier, long MinTimeMs, Dictionary<Labels, List<(long, double)>> Expected);
}
