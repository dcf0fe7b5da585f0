using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// A random history of a store whose blocks are ten minutes long: transactions of samples of all kinds with churn and rollbacks, queries,
/// truncations, rounds of maintenance, changes of the retention, restarts. After each step that asks, the store is compared with a model.
/// </summary>
internal sealed class StoreHistory(Random random, MemoryDisk disk)
{
    private const int Jobs = 6;
    private const long Minute = 60_000;
    private const long Range = 10 * Minute;

    private readonly FakeTimeProvider _clock = new();
    private readonly HistoryModel _model = new();
    private TsdbStore? _store;
    private long _nowMs = 1_700_000_000_000;
    private int _lastNumber;

    /// <summary>Whether failures are to be expected: those of the disk are taken as they come.</summary>
    public bool IsFaulty { get; init; }

    private TsdbOptions Options => new()
    {
        DataDirectory = disk.Root,
        MinBlockDuration = TimeSpan.FromMilliseconds(Range),
        MaxBlockDuration = TimeSpan.FromMinutes(90),
        SamplesPerChunk = 8,
        WalSegmentSize = 32 * 1024,
        Retention = RetentionLimits.None,
        BlockReloadInterval = TimeSpan.FromDays(40),
        TimeProvider = _clock,
        Random = new Random(random.Next()),
    };

    /// <summary>Goes on for some steps, until the disk crashes.</summary>
    public async Task RunAsync(int steps)
    {
        for (int step = 0; step < steps && !disk.HasCrashed; step++)
        {
            if (await IsOpenAsync())
                await StepAsync(random.Next(100));
        }
    }

    /// <summary>Ends the process, starts again and compares; then goes on for some steps without faults.</summary>
    public async Task RecoverAsync(bool losesUnsynced, int steps)
    {
        await TryAsync(CloseAsync);
        disk.Restart(losesUnsynced);
        _store = await TsdbStore.OpenAsync(Options);
        _model.Adopt(await ReadAsync(long.MinValue, long.MaxValue), losesUnsynced);
        await _store.MaintainAsync();
        await CheckAsync(long.MinValue, long.MaxValue);
        await RunAsync(steps);
        await ReopenAsync();
        await _store!.MaintainAsync();
        await CheckAsync(long.MinValue, long.MaxValue);
        await CloseAsync();
        Assert.DoesNotContain(disk.Root.List(), entry => entry.Name.Contains(".tmp", StringComparison.Ordinal));
    }

    private Task StepAsync(int choice) => choice switch
    {
        < 62 => TransactAsync(),
        < 74 => MaintainAsync(),
        < 78 => MaintainBesideReaderAsync(),
        < 88 => CheckAsync(_nowMs - random.NextInt64(100 * Minute), _nowMs - random.NextInt64(20 * Minute)),
        < 91 => CheckLabelsAsync(),
        < 93 => TruncateAsync(),
        < 94 => RetainAsync(),
        _ => ReopenAsync(),
    };

    private async Task<bool> IsOpenAsync() => _store is not null || await TryAsync(async () => _store = await TsdbStore.OpenAsync(Options));

    private async Task TransactAsync()
    {
        Advance(1000 * random.Next(1, 180));
        using IAppender appender = _store!.OpenAppender();
        var batch = new AppendBatch(4);
        var rows = new List<(string Job, long TimeMs, string Text)>();
        for (int i = random.Next(1, 14); i > 0; i--)
        {
            Advance(1000);
            int job = random.Next(Jobs);

            // Half of the series are replaced every forty minutes. Most series stay with one kind of samples.
            string name = job % 2 == 0 ? $"j{job}" : $"j{job}-{_nowMs / (40 * Minute) % 100}";
            char letter = random.Next(8) == 0 ? MixedSamples.Letters[random.Next(6)] : "ffhcHC"[job];
            rows.Add((name, _nowMs, letter == 's' ? "stale" : $"{char.ToLowerInvariant(letter)}{++_lastNumber}"));
            batch.AddMixed(appender.Series(LabelsOf(name)), _nowMs, letter, _lastNumber);
        }

        Assert.Equal(0, appender.Append(batch));
        if (random.Next(15) == 0)
            appender.Rollback();
        else if (await TryAsync(async () => await appender.CommitAsync(TestContext.Current.CancellationToken)))
            _model.Commit(rows);
        else
            _model.Fail(rows);
    }

    private async Task MaintainAsync()
    {
        if (await TryAsync(_store!.MaintainAsync))
            _model.DurableUpToMs = Math.Max(_model.DurableUpToMs, Math.Max(_store.Head.Bounds.MinValidTimeMs, 1) - 1);
    }

    private async Task MaintainBesideReaderAsync()
    {
        Task maintenance;
        using (IQuerier querier = _store!.OpenQuerier(long.MinValue, long.MaxValue))
        {
            maintenance = MaintainAsync();
            await TryAsync(async () => _model.Check(await ReadAsync(querier), long.MinValue, long.MaxValue));
        }

        await maintenance;
    }

    private async Task TruncateAsync()
    {
        long timeMs = _nowMs - random.NextInt64(12 * Minute, 60 * Minute);
        _model.KeptFromMs = Math.Max(_model.KeptFromMs, timeMs);
        await TryAsync(() => _store!.TruncateHeadAsync(timeMs));
    }

    // The newest block reaches to the present at most.
    private async Task RetainAsync()
    {
        var duration = TimeSpan.FromMinutes(random.Next(30, 300));
        _store!.Retention = new RetentionLimits(duration);
        _model.KeptFromMs = Math.Max(_model.KeptFromMs, _nowMs - (long)duration.TotalMilliseconds);
        await MaintainAsync();
        _store.Retention = RetentionLimits.None;
    }

    private async Task ReopenAsync()
    {
        if (await TryAsync(CloseAsync))
            _model.DurableUpToMs = _nowMs;
        if (await IsOpenAsync())
            await TryAsync(async () => _model.Adopt(await ReadAsync(long.MinValue, long.MaxValue), losesUnsynced: false));
    }

    private async Task CloseAsync()
    {
        TsdbStore? store = _store;
        _store = null;
        if (store is not null)
            await store.DisposeAsync();
    }

    private Task<bool> CheckAsync(long minTimeMs, long maxTimeMs) =>
        TryAsync(async () => _model.Check(await ReadAsync(minTimeMs, maxTimeMs), minTimeMs, maxTimeMs));

    // Labels of series without samples may still be there.
    private async Task CheckLabelsAsync()
    {
        using IQuerier querier = _store!.OpenQuerier(long.MinValue, long.MaxValue);
        LabelQueryResult jobs = await querier.LabelValuesAsync("job", [], 0, TestContext.Current.CancellationToken);
        Assert.Equal(jobs.Texts.Distinct().Order(StringComparer.Ordinal), jobs.Texts);
        Assert.Empty(_model.CertainJobs.Except(jobs.Texts));
        string[] one = [.. _model.CertainJobs.Take(1)];
        foreach (string job in one)
        {
            Matcher[] matchers = [new Matcher(Forethought.Model.MatchType.Equal, "job", job)];
            LabelQueryResult names = await querier.LabelNamesAsync(matchers, 0, TestContext.Current.CancellationToken);
            Assert.Equal(["__name__", "job"], names.Texts);
            Assert.Equal(one, (await querier.LabelValuesAsync("job", matchers, 0, TestContext.Current.CancellationToken)).Texts);
        }
    }

    private static Labels LabelsOf(string job) => Labels.FromStrings("__name__", "mixed", "job", job);

    private void Advance(long milliseconds)
    {
        _nowMs += milliseconds;
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    // False if the disk failed. Without faults nothing may.
    private async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception e) when (IsFaulty && e is IOException or StorageException)
        {
            return false;
        }
    }

    private async Task<Dictionary<string, List<(long TimeMs, string Text)>>> ReadAsync(long minTimeMs, long maxTimeMs)
    {
        using IQuerier querier = _store!.OpenQuerier(minTimeMs, maxTimeMs);
        return await ReadAsync(querier);
    }

    private static async Task<Dictionary<string, List<(long TimeMs, string Text)>>> ReadAsync(IQuerier querier)
    {
        var all = new Dictionary<string, List<(long, string)>>();
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue, SortSeries = true };
        Matcher[] matchers = [new Matcher(Forethought.Model.MatchType.Equal, "__name__", "mixed")];
        using ISeriesSet set = await querier.SelectAsync(hints, matchers, TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        while (set.MoveNext())
        {
            StoreModel.ReadSamples(set, batch);
            all.Add(
                Labels.FromPacked(set.PackedLabels)["job"],
                [.. Enumerable.Range(0, batch.Count).Select(row => (batch.TimesMs[row], TextOf(MixedSamples.Describe(batch, row))))]);
        }

        return all;
    }

    // Whether a marker is one of a histogram depends on what the head remembers.
    private static string TextOf(string sample) => sample.StartsWith("stale", StringComparison.Ordinal) ? "stale" : sample;
}
