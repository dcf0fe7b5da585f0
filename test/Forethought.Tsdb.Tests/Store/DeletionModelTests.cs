using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Random appends, deletions, compactions, cleanups, snapshots and restarts, seeded, against a dictionary of lists: a deletion takes
/// samples out of it, and nothing else does.
/// </summary>
public sealed class DeletionModelTests
{
    private const long Minute = 60_000;

    private readonly MemoryDisk _disk = new();
    private readonly SortedDictionary<Labels, List<(long TimeMs, double Value)>> _model = [];
    private readonly List<string> _warnings = [];
    private long _now = 1_700_000_000_000;

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        MinBlockDuration = TimeSpan.FromMinutes(20),
        MaxBlockDuration = TimeSpan.FromMinutes(180),
        WalSegmentSize = 32 * 1024,
        SamplesPerChunk = 10,
        Warned = _warnings.Add,
    };

    [Theory]
    [InlineData(1, SnapshotUse.Never)]
    [InlineData(2, SnapshotUse.Never)]
    [InlineData(36, SnapshotUse.Never)]
    [InlineData(39, SnapshotUse.Never)]
    [InlineData(40, SnapshotUse.Always)]
    [InlineData(41, SnapshotUse.Always)]
    [InlineData(42, SnapshotUse.Always)]
    [InlineData(138, SnapshotUse.Sometimes)]
    [InlineData(140, SnapshotUse.Sometimes)]
    [InlineData(229, SnapshotUse.Sometimes)]
    public async Task A_random_history_gives_what_the_model_gives(int seed, SnapshotUse use)
    {
        var choice = new Random(-seed);
        var random = new Random(seed);
        TsdbStore store = await OpenAsync(use, choice);
        for (int step = 0; step < 300; step++)
        {
            switch (random.Next(20))
            {
                case < 11:
                    await AppendAsync(store, random);
                    break;
                case < 14:
                    await DeleteAsync(store, random);
                    break;
                case < 16:
                    await store.MaintainAsync();
                    break;
                case 16:
                    await store.CleanTombstonesAsync();
                    break;
                case 17:
                    await CheckSnapshotAsync(store);
                    break;
                case 18:
                    await store.DisposeAsync();
                    store = await OpenAsync(use, choice);
                    break;
                default:
                    await CheckAsync(store, _now - random.Next(400) * Minute, _now - random.Next(30) * Minute);
                    break;
            }

            if (step % 20 == 0)
                await CheckAsync(store, 0, long.MaxValue);
        }

        await store.MaintainAsync();
        await CheckAsync(store, 0, long.MaxValue);
        await store.DisposeAsync();
        Assert.Empty(_warnings);
    }

    private static Matcher RandomMatcher(Random random) => random.Next(4) switch
    {
        0 => new Matcher(Forethought.Model.MatchType.Equal, "i", $"{random.Next(12)}"),
        1 => new Matcher(Forethought.Model.MatchType.RegexMatch, "i", $"{random.Next(5)}|1."),
        2 => new Matcher(Forethought.Model.MatchType.NotEqual, "i", $"{random.Next(12)}"),
        _ => new Matcher(Forethought.Model.MatchType.Equal, "__name__", "m"),
    };

    private Task<TsdbStore> OpenAsync(SnapshotUse use, Random choice) => TsdbStore.OpenAsync(
        Options with { SnapshotsOnShutdown = use == SnapshotUse.Always || (use == SnapshotUse.Sometimes && choice.Next(2) == 0) });

    private async Task AppendAsync(TsdbStore store, Random random)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        int rows = random.Next(1, 30);
        _now += random.Next(4) * Minute;
        for (int i = 0; i < rows; i++)
        {
            _now += random.Next(1, 20_000);
            Labels labels = Labels.FromStrings("__name__", "m", "i", $"{random.Next(12)}");
            double value = random.Next(100);
            batch.Add(appender.Series(labels), _now, value);
            if (!_model.TryGetValue(labels, out var samples))
                _model.Add(labels, samples = []);
            samples.Add((_now, value));
        }

        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private async Task DeleteAsync(TsdbStore store, Random random)
    {
        long max = random.Next(6) == 0 ? long.MaxValue : _now - random.Next(200) * Minute / 2;
        long min = random.Next(6) == 0 ? long.MinValue : Math.Min(max, _now) - random.Next(60) * Minute;
        Matcher matcher = RandomMatcher(random);
        await store.DeleteAsync(min, max, [matcher]);
        foreach ((Labels labels, List<(long TimeMs, double)> samples) in _model)
        {
            if (matcher.Matches(System.Text.Encoding.UTF8.GetBytes(labels[matcher.Name] ?? "")))
                samples.RemoveAll(sample => sample.TimeMs >= min && sample.TimeMs <= max);
        }
    }

    private async Task CheckSnapshotAsync(TsdbStore store)
    {
        string name = await store.SnapshotAsync(withHead: true);
        var directory = _disk.Root.GetDirectory("snapshots").GetDirectory(name);
        await using (TsdbStore snapshot = await TsdbStore.OpenAsync(Options with { DataDirectory = directory }))
            await CheckAsync(snapshot, 0, long.MaxValue);
        _disk.Root.GetDirectory("snapshots").DeleteDirectory(name);
    }

    private async Task CheckAsync(TsdbStore store, long minTimeMs, long maxTimeMs)
    {
        var read = await store.ReadAsync(minTimeMs, maxTimeMs);
        foreach ((Labels labels, List<(long TimeMs, double)> samples) in _model)
        {
            var expected = samples.Where(sample => sample.TimeMs >= minTimeMs && sample.TimeMs <= maxTimeMs);
            Assert.Equal(expected, read.GetValueOrDefault(labels) ?? []);
        }

        Assert.Empty(read.Keys.Except(_model.Keys));
    }
}
