using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Platform;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>
/// Takes the steps of a history with a store whose blocks are ten minutes long, and compares it with a model: when a step asks, and after
/// each start. Keeps what a crash at the disk's operations would leave.
/// </summary>
internal sealed class HistoryActor
{
    private const long Minute = 60_000;
    private const long RangeMs = 10 * Minute;

    private readonly HistoryPlan _plan;
    private readonly MemoryDisk _disk;
    private readonly HistoryModel _model;
    private readonly HistoryClock _clock;
    private readonly Queue<CrashPoint> _crashes;
    private readonly List<HistoryTransaction> _open = [];

    // Maintenance that waited for a transaction goes on while the model is told of that.
    private readonly Lock _modelGate = new();
    private TsdbStore? _store;
    private Random _random;
    private Random _crashRandom;
    private string _step = "start";

    // What is under way and may or may not be there after a crash.
    private List<HistoryRow> _rowsInFlight = [];
    private HistoryDeletion? _deletionInFlight;

    public HistoryActor(HistoryPlan plan, MemoryDisk disk, HistoryModel model, HistoryClock clock, Queue<CrashPoint> crashes)
    {
        _plan = plan;
        _disk = disk;
        _model = model;
        _clock = clock;
        _crashes = crashes;
        _random = new Random(plan.Seed);
        _crashRandom = new Random(plan.Seed);
        if (plan.CrashEvery > 0)
            disk.Observer = Observe;
    }

    /// <summary>What the store told its operator.</summary>
    public List<string> Warnings { get; } = [];

    private bool IsFaulty => _plan.Weather != HistoryWeather.Fair;

    /// <summary>Takes a step; a store that is not open is opened before.</summary>
    public async Task TakeAsync(HistoryStep step)
    {
        _random = new Random(step.Seed);
        _crashRandom = new Random(step.Seed ^ 0x5bd1e995);
        _step = step.Kind.ToString();
        if (_store is not null || await OpenAsync(isDurable: false))
            await TakeOpenAsync(step.Kind);
    }

    /// <summary>Starts the store and compares what it holds.</summary>
    /// <param name="isDurable">Whether all that is on the disk is on stable storage.</param>
    public async Task<bool> OpenAsync(bool isDurable)
    {
        if (!await TryAsync(async () => _store = await TsdbStore.OpenAsync(HistoryOptions.Draw(_random, _plan, _disk, _clock, Warnings))))
            return false;
        await TryAsync(async () => _model.Adopt(await _store!.ReadAsync(long.MinValue, long.MaxValue, SeriesChoice.All), isDurable));
        SettleLate();
        return true;
    }

    /// <summary>With the disk at work again: maintenance, a restart, a comparison, the end.</summary>
    public async Task FinishAsync()
    {
        _step = "finish";
        _disk.Fault = null;
        _disk.FreeBytes = long.MaxValue;
        if (_store is null)
            await OpenAsync(isDurable: false);
        EndAll();
        await MaintainAsync();
        await CheckAsync(long.MinValue, long.MaxValue, SeriesChoice.All);
        await CloseAsync();
        await OpenAsync(isDurable: false);
        Assert.NotNull(_store);
        await CloseAsync();
        Assert.DoesNotContain(_disk.Root.List(), entry => entry.Name.Contains(".tmp", StringComparison.Ordinal));
    }

    private Task TakeOpenAsync(HistoryStepKind kind) => kind switch
    {
        HistoryStepKind.Transact => TransactAsync(),
        HistoryStepKind.Stage => StageAsync(),
        HistoryStepKind.End => EndOneAsync(),
        HistoryStepKind.Maintain => MaintainAsync(),
        HistoryStepKind.MaintainBesideReader => MaintainBesideReaderAsync(),
        HistoryStepKind.Query => QueryAsync(),
        HistoryStepKind.Labels => CheckLabelsAsync(),
        HistoryStepKind.Delete => DeleteAsync(),
        HistoryStepKind.Clean => TurnAsync(_store!.CleanTombstonesAsync),
        HistoryStepKind.Snapshot => SnapshotAsync(),
        HistoryStepKind.Truncate => TruncateAsync(),
        HistoryStepKind.Retain => RetainAsync(),
        HistoryStepKind.Window => SetWindowAsync(),
        HistoryStepKind.Wait => WaitAsync(),
        _ => ReopenAsync(),
    };

    private async Task TransactAsync()
    {
        _clock.Advance(1000 * _random.Next(1, 180));
        using var transaction = new HistoryTransaction(_store!, _model, _clock, _random);
        transaction.Stage();
        await EndAsync(transaction);
    }

    private Task StageAsync()
    {
        if (_open.Count < 3)
            _open.Add(new HistoryTransaction(_store!, _model, _clock, _random));
        _open[_random.Next(_open.Count)].Stage();
        return Task.CompletedTask;
    }

    private async Task EndOneAsync()
    {
        if (_open.Count == 0)
            return;
        using HistoryTransaction transaction = _open[_random.Next(_open.Count)];
        _open.Remove(transaction);
        await EndAsync(transaction);
    }

    private async Task EndAsync(HistoryTransaction transaction)
    {
        if (_random.Next(15) == 0)
        {
            transaction.Rollback();
            return;
        }

        _rowsInFlight = transaction.Rows;
        bool isDone = await TryAsync(async () => await transaction.CommitAsync());
        LogPlace place = LogFrontier.EndOf(_disk, isLate: false), latePlace = LogFrontier.EndOf(_disk, isLate: true);
        lock (_modelGate)
        {
            if (isDone)
                _model.Commit(_rowsInFlight, place, latePlace);
            else
                _model.Fail(_rowsInFlight);
            _rowsInFlight = [];
        }
    }

    private void EndAll()
    {
        _open.ForEach(transaction => transaction.Dispose());
        _open.Clear();
    }

    // What waits for open transactions goes on when they are ended.
    private Task<bool> TurnAsync(Func<Task> work) => TryAsync(async () =>
    {
        Task turn = work();
        while (!turn.IsCompleted && _open.Count > 0)
            await EndOneAsync();
        await turn;
        SettleLate();
    });

    private Task<bool> MaintainAsync() => TurnAsync(_store!.MaintainAsync);

    private async Task MaintainBesideReaderAsync()
    {
        Task<bool> maintenance;
        using (IQuerier querier = _store!.OpenQuerier(long.MinValue, long.MaxValue))
        {
            EndAll();
            maintenance = MaintainAsync();
            await TryAsync(async () => _model.Check(await querier.ReadAsync(SeriesChoice.All), long.MinValue, long.MaxValue, SeriesChoice.All));
        }

        await maintenance;
    }

    private Task<bool> QueryAsync()
    {
        long min = _clock.NowMs - _random.NextInt64(100 * Minute), max = _clock.NowMs - _random.NextInt64(-10 * Minute, 20 * Minute);
        return _random.Next(3) == 0
            ? CheckAsync(long.MinValue, long.MaxValue, SeriesChoice.All)
            : CheckAsync(min, max, SeriesChoice.Draw(_random, HistoryTransaction.Jobs));
    }

    private Task<bool> CheckAsync(long minMs, long maxMs, SeriesChoice choice) =>
        TryAsync(async () => _model.Check(await _store!.ReadAsync(minMs, maxMs, choice), minMs, maxMs, choice));

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
            Matcher[] matchers = [new Matcher(MatchType.Equal, "job", job)];
            LabelQueryResult names = await querier.LabelNamesAsync(matchers, 0, TestContext.Current.CancellationToken);
            Assert.Equal(["__name__", "job", "zone"], names.Texts.Where(name => name != "pad"));
            Assert.Equal(one, (await querier.LabelValuesAsync("job", matchers, 0, TestContext.Current.CancellationToken)).Texts);
        }
    }

    private async Task DeleteAsync()
    {
        long min = _random.Next(4) == 0 ? long.MinValue : _clock.NowMs - _random.NextInt64(100 * Minute);
        long max = _random.Next(4) == 0 ? long.MaxValue : Math.Max(min, _clock.NowMs - 110 * Minute) + _random.NextInt64(60 * Minute);
        var deletion = new HistoryDeletion(SeriesChoice.Draw(_random, HistoryTransaction.Jobs), min, max);
        _deletionInFlight = deletion;
        bool isDone = await TurnAsync(() => _store!.DeleteAsync(min, max, deletion.Choice.Matchers));
        _model.Delete(deletion, isDone, LogFrontier.EndOf(_disk, isLate: false));
        _deletionInFlight = null;
    }

    // A snapshot is a data directory of its own.
    private async Task SnapshotAsync()
    {
        string name = "";
        bool withHead = _random.Next(2) == 0;
        if (!await TurnAsync(async () => name = await _store!.SnapshotAsync(withHead)) || IsFaulty)
            return;
        DiskObserver? observer = _disk.Observer;
        _disk.Observer = null;
        var snapshots = (MemoryDirectory)_disk.Root.GetDirectory("snapshots");
        var directory = (MemoryDirectory)snapshots.GetDirectory(name);
        await using (TsdbStore copy = await TsdbStore.OpenAsync(
            HistoryOptions.Draw(_random, _plan, _disk, _clock, Warnings) with { DataDirectory = directory }))
        {
            FoundSamples found = await copy.ReadAsync(long.MinValue, long.MaxValue, SeriesChoice.All);
            if (withHead)
                _model.Check(found, long.MinValue, long.MaxValue, SeriesChoice.All, needsLate: false);
        }

        snapshots.DeleteDirectory(name);
        _disk.Observer = observer;
    }

    private async Task TruncateAsync()
    {
        long timeMs = _clock.NowMs - _random.NextInt64(12 * Minute, 60 * Minute);
        _model.Drop(timeMs);
        await TurnAsync(() => _store!.TruncateHeadAsync(timeMs));
    }

    // Counts from the end of the newest block, which late samples may put into the present range or, of a series ahead of its time, further.
    private async Task RetainAsync()
    {
        var duration = TimeSpan.FromMinutes(_random.Next(30, 300));
        long newestMs = _store!.GetBlocks().Select(block => block.MaxTimeMs)
            .Concat(_store.Head.OutOfOrder.Generations.Where(late => !late.IsEmpty).Select(late => late.MaxTimeMs + RangeMs))
            .Append(_clock.NowMs + RangeMs)
            .Max();
        _model.Drop(newestMs - (long)duration.TotalMilliseconds);
        _store.Retention = new RetentionLimits(duration);
        await MaintainAsync();
        _store.Retention = RetentionLimits.None;
    }

    private Task<bool> SetWindowAsync() =>
        TryAsync(() =>
        {
            _store!.OutOfOrderTimeWindow = HistoryOptions.DrawWindow(_random, _plan);
            return Task.CompletedTask;
        });

    private Task WaitAsync()
    {
        _clock.Advance(_random.NextInt64(20 * Minute));
        return Task.CompletedTask;
    }

    private async Task ReopenAsync()
    {
        EndAll();
        await TryAsync(CloseAsync);
        await OpenAsync(isDurable: false);
    }

    private async Task CloseAsync()
    {
        TsdbStore? store = _store;
        _store = null;
        try
        {
            if (store is not null)
                await store.DisposeAsync();
        }
        finally
        {
            _model.Kill();
        }
    }

    private void SettleLate()
    {
        if (Array.TrueForAll(_store!.Head.OutOfOrder.Generations, generation => generation.IsEmpty))
            _model.SettleLate();
    }

    // False if the disk failed. Without faults nothing may.
    private async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception e) when (IsFaulty && _disk.HasFailed && e is IOException or StorageException)
        {
            return false;
        }
    }

    private void Observe(DiskOperation operation, ReadOnlySpan<byte> bytes, long offset)
    {
        if (_crashRandom.Next(_plan.CrashEvery) > 0)
            return;
        string description = $"{_step}: {operation}";
        MemoryDisk killed = _disk.Fork(null);
        if (operation.Kind == DiskOperationKind.Write)
        {
            int done = _crashRandom.Next(4) switch { 0 => 0, 1 => bytes.Length, 2 => _crashRandom.Next(Math.Min(8, bytes.Length)), _ => _crashRandom.Next(bytes.Length) };
            killed.Find(operation.Path)?.WriteNow(bytes[..done], offset);
            description += $", {done} of {bytes.Length} bytes written";
        }

        bool losesPower = _crashRandom.Next(2) == 0;
        if (!losesPower || _plan.CrashEvery == 1)
            Keep(killed, description, losesPower: false);
        if (losesPower || _plan.CrashEvery == 1)
            Keep(killed.Fork(new PowerLoss(_crashRandom)), description, losesPower: true);
    }

    private void Keep(MemoryDisk disk, string description, bool losesPower)
    {
        HistoryModel model;
        lock (_modelGate)
        {
            model = _model.Copy();
            model.Fail(_rowsInFlight);
        }

        if (_deletionInFlight is { } deletion)
            model.Delete(deletion, isDone: false, LogPlace.Never);
        if (losesPower)
            model.LosePower(LogFrontier.Of(_disk));
        else
            model.Kill();
        lock (_crashes)
            _crashes.Enqueue(new CrashPoint(disk, model, _clock.Copy(), losesPower, _crashRandom.Next(), description));
    }
}
