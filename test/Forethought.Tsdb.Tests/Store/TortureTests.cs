using System.Collections.Concurrent;
using System.Globalization;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Appending, churn, queries, and maintenance with blocks, chunk files and retention at once, on poisoned memory. Short by default;
/// <c>FORETHOUGHT_TORTURE_SECONDS</c> makes it long.
/// </summary>
public sealed class TortureTests : IDisposable
{
    private const int SeriesPerWriter = 400;
    private const int Writers = 3;

    // Less than is kept.
    private const long QueriedMs = 10_000_000;

    // The head must not run away from maintenance.
    private const long MaxHeadMs = 7_200_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();

    // Times that each writer has committed.
    private readonly ConcurrentQueue<long>[] _committed = [.. Enumerable.Range(0, Writers).Select(_ => new ConcurrentQueue<long>())];
    private volatile bool _isPaused;
    private long _nowMs = 1_700_000_000_000;

    public void Dispose()
    {
        _stop.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Nothing_is_lost_torn_or_read_after_it_was_freed()
    {
        string? seconds = Environment.GetEnvironmentVariable("FORETHOUGHT_TORTURE_SECONDS");
        var warnings = new ConcurrentQueue<string>();
        var options = new TsdbOptions
        {
            Path = _directory.Path,
            WalSegmentSize = 1 << 20,
            MinBlockDuration = TimeSpan.FromMinutes(20),
            MaxBlockDuration = TimeSpan.FromHours(3),
            Retention = new RetentionLimits(TimeSpan.FromHours(5)),
            Warned = warnings.Enqueue,
        };
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
        {
            TimeSpan time = TimeSpan.FromSeconds(seconds is null ? 2 : double.Parse(seconds, CultureInfo.InvariantCulture));
            await Task.WhenAll(
                RunAsync(() => WriteAsync(store, 0)), RunAsync(() => WriteAsync(store, 1)), RunAsync(() => WriteAsync(store, 2)),
                RunAsync(() => QueryAsync(store, 1)), RunAsync(() => QueryAsync(store, 2)), RunAsync(() => MaintainAsync(store, time)));
            // The store's own maintenance may be reading at this moment.
            await Eventually.Passes(() =>
            {
                Assert.Equal(0, store.Head.Isolation.OpenReads);
                return Task.CompletedTask;
            });
            Assert.Equal(0, Volatile.Read(ref store.Head.Counters.ActiveAppenders));
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(options);
        await CheckAsync(reopened, _nowMs - QueriedMs);
        await CheckAsync(reopened, long.MinValue, isComplete: false);
        Assert.Empty(warnings);
    }

    // The first failure stops all.
    private Task RunAsync(Func<Task> work) => Task.Run(async () =>
    {
        try
        {
            await work();
        }
        finally
        {
            await _stop.CancelAsync();
        }
    });

    // Every sample's value is a function of series and time, so that a reader can tell any mix-up.
    private static double ValueAt(Labels labels, long timeMs) => (double)(labels.Hash() % 1000) + timeMs / 1000;

    // Read back, a histogram's sum stands in the value column. Layouts and resets vary, so that chunks are recoded and cut.
    private static Histogram HistogramAt(Labels labels, long timeMs) => new()
    {
        Schema = 2,
        Sum = ValueAt(labels, timeMs),
        Count = 3 + (ulong)(timeMs % 7),
        PositiveSpans = [new HistogramSpan((int)(timeMs % 3), 2)],
        PositiveBuckets = [1, 1 + timeMs % 7],
    };

    private async Task WriteAsync(TsdbStore store, int writer)
    {
        var random = new Random(writer);
        var batch = new AppendBatch();
        var references = new Dictionary<Labels, SeriesRef>();
        while (!_stop.IsCancellationRequested)
        {
            if (_isPaused || Volatile.Read(ref _nowMs) - store.Head.Bounds.MinTimeMs > MaxHeadMs)
            {
                await Task.Yield();
                continue;
            }

            long now = Interlocked.Add(ref _nowMs, random.Next(10_000, 90_000));
            using IAppender appender = store.OpenAppender();
            batch.Clear();
            Labels[] targets = [.. Targets(writer, now)];
            foreach (Labels labels in targets)
            {
                if (!references.TryGetValue(labels, out SeriesRef series))
                    references[labels] = series = appender.Series(labels);
                if (labels["__name__"] == "m5")
                    batch.Add(series, now, HistogramAt(labels, now));
                else
                    batch.Add(series, now, ValueAt(labels, now));
            }

            // A reference from before may have been collected; then the series is created again.
            appender.Append(batch);
            for (int row = 0; row < targets.Length; row++)
            {
                if (batch.Outcomes[row] == AppendOutcome.UnknownSeries)
                    references.Remove(targets[row]);
            }

            if (random.Next(20) == 0)
                appender.Rollback();
            else
                await CommitAsync(appender, writer, now, batch.Outcomes[Array.IndexOf(targets, LabelsOf(writer, 2, 0))]);
        }
    }

    // A writer that was held up for long may come too late.
    private async Task CommitAsync(IAppender appender, int writer, long now, AppendOutcome outcome)
    {
        await appender.CommitAsync();
        if (outcome == AppendOutcome.Accepted)
            _committed[writer].Enqueue(now);
        if (_committed[writer].Count > 2000)
            _committed[writer].TryDequeue(out _);
    }

    // A part of the series is replaced every few minutes of data time; another one pauses for so long that it is collected and its
    // references are no longer good when it comes back.
    private static IEnumerable<Labels> Targets(int writer, long now)
    {
        for (int i = 0; i < SeriesPerWriter; i++)
        {
            if (i % 16 == 1 && now / 600_000 % 12 != 0)
                continue;
            long generation = i % 4 == 0 ? now / 300_000 : 0;
            yield return LabelsOf(writer, i, generation);
        }
    }

    private static Labels LabelsOf(int writer, int i, long generation) =>
        Labels.FromStrings("__name__", $"m{i % 7}", "writer", $"{writer}", "i", $"{i}", "pod", $"p-{generation}-{i}");

    private async Task QueryAsync(TsdbStore store, int seed)
    {
        var random = new Random(seed);
        while (!_stop.IsCancellationRequested)
            await CheckAsync(store, Volatile.Read(ref _nowMs) - random.NextInt64(QueriedMs));
    }

    // What was committed before the querier was opened must be there; one series of each writer is in all of its commits.
    private async Task CheckAsync(TsdbStore store, long minTimeMs, bool isComplete = true)
    {
        long[][] committed = [.. _committed.Select(times => times.Where(time => time >= minTimeMs).ToArray())];
        using IQuerier querier = store.OpenQuerier(minTimeMs, long.MaxValue);
        var read = await querier.ReadAsync();
        foreach ((Labels labels, List<(long TimeMs, double Value)> samples) in read)
            CheckSamples(labels, samples, minTimeMs);
        for (int writer = 0; isComplete && writer < Writers; writer++)
        {
            var times = read.GetValueOrDefault(LabelsOf(writer, 2, 0))?.Select(sample => sample.TimeMs).ToHashSet() ?? [];
            Assert.DoesNotContain(committed[writer], time => !times.Contains(time));
        }
    }

    private static void CheckSamples(Labels labels, List<(long TimeMs, double Value)> samples, long minTimeMs)
    {
        long previous = long.MinValue;
        foreach ((long timeMs, double value) in samples)
        {
            Assert.True(timeMs > previous && timeMs >= minTimeMs, "times out of order or out of range");
            Assert.Equal(ValueAt(labels, timeMs), value);
            previous = timeMs;
        }
    }

    // Goes on until the time is up, series have been collected and blocks have come from blocks.
    private async Task MaintainAsync(TsdbStore store, TimeSpan time)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int round = 1; !_stop.IsCancellationRequested
            && (TimeProvider.System.GetElapsedTime(start) < time
                || Volatile.Read(ref store.Head.Counters.SeriesRemoved) < 100
                || !store.GetBlocks().Any(meta => meta.Compaction.Level > 1)); round++)
        {
            // The head goes before blocks: while it fills a range faster than one is written, none are merged.
            _isPaused = round % 2 == 0;
            await store.MaintainAsync();
            await Task.Yield();
        }
    }
}
