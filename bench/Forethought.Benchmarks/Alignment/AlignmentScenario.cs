using System.Globalization;
using Forethought.Benchmarks.Targets;
using Forethought.Client;
using Forethought.Configuration;
using Forethought.Discovery;
using Forethought.Http;
using Forethought.Model;
using Forethought.Scrape;
using Forethought.Storage;
using Forethought.Tsdb;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Benchmarks.Alignment;

/// <summary>
/// How well scrapes keep to their grid: <c>alignment [targets] [series] [interval s] [duration s] [tolerance ms]</c> scrapes targets of
/// another process into a head without a log and prints which share of the distances between two scrapes of a target is exactly the
/// interval, what the others are, and what a scrape allocated. A smaller tolerance than the server's 2 ms shows more of the delays.
/// </summary>
internal sealed class AlignmentScenario
{
    private const string Job = "bench";

    private readonly int _targets;
    private readonly int _series;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _duration;
    private readonly TimeSpan _tolerance;

    private AlignmentScenario(string[] args)
    {
        double Argument(int index, double unset) =>
            args.Length > index ? double.Parse(args[index], CultureInfo.InvariantCulture) : unset;
        _targets = (int)Argument(1, 1000);
        _series = (int)Argument(2, 1000);
        _interval = TimeSpan.FromSeconds(Argument(3, 10));
        _duration = TimeSpan.FromSeconds(Argument(4, 60));
        _tolerance = TimeSpan.FromMilliseconds(Argument(5, 2));
    }

    public static Task<int> RunAsync(string[] args) => new AlignmentScenario(args).RunAsync();

    private async Task<int> RunAsync()
    {
        using var server = TargetProcess.Start(_series);
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        var manager = new ScrapeManager(
            store, new MetricRegistry(), hashSeed: 1, new ScrapeOptions { HostName = "bench", TimestampTolerance = _tolerance });
        await using (manager.ConfigureAwait(false))
        {
            await manager.SwitchAsync(manager.Prepare([Configuration()], Labels.Empty));
            await manager.SyncAsync(new Dictionary<string, IReadOnlyList<TargetGroup>> { [Job] = [Targets(server.Address)] });
            // The first scrape of each target makes its series: it is not counted.
            await Task.Delay(_interval, TimeProvider.System);
            long from = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            long allocated = GC.GetTotalAllocatedBytes();
            int collections = GC.CollectionCount(0);
            await Task.Delay(_duration, TimeProvider.System);
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            collections = GC.CollectionCount(0) - collections;
            await ReportAsync(store, from, allocated, collections);
        }

        return 0;
    }

    private ScrapeConfiguration Configuration() => new()
    {
        JobName = Job,
        ScrapeInterval = _interval,
        ScrapeTimeout = _interval,
        MetricNameEscaping = EscapingSchemes.AllowUtf8,
        Http = HttpClientSettings.Default,
    };

    private TargetGroup Targets(string address) => new("bench", Labels.Empty,
        [.. Enumerable.Range(0, _targets).Select(i => Labels.FromStrings("__address__", address, "target", i.ToString(CultureInfo.InvariantCulture)))]);

    private async Task ReportAsync(TsdbStore store, long fromMs, long allocated, int collections)
    {
        var distances = new List<long>();
        int scrapes = 0;
        using IQuerier querier = store.OpenQuerier(fromMs, long.MaxValue);
        using ISeriesSet ups = await querier.SelectAsync(
            new SelectHints { StartMs = fromMs, EndMs = long.MaxValue },
            [new Matcher(MatchType.Equal, "__name__", "up")], CancellationToken.None);
        var batch = new SampleBatch(1024);
        while (ups.MoveNext())
        {
            batch.Clear();
            while (ups.Read(batch))
            {
            }

            scrapes += batch.Count;
            for (int i = 1; i < batch.Count; i++)
                distances.Add(batch.TimesMs[i] - batch.TimesMs[i - 1]);
        }

        long interval = (long)_interval.TotalMilliseconds;
        List<long> late = [.. distances.Select(distance => Math.Abs(distance - interval)).Where(error => error != 0).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""
            {scrapes} scrapes of {_targets} targets × {_series} series every {_interval.TotalSeconds} s, tolerance {_tolerance.TotalMilliseconds} ms
            {100.0 * (distances.Count - late.Count) / distances.Count:F3} % of {distances.Count} distances are the interval
            the others are off by ms: {string.Join(' ', late.GroupBy(error => error).Select(group => $"{group.Key}×{group.Count()}"))}
            {allocated / Math.Max(scrapes, 1)} bytes allocated a scrape, {collections} collections
            """));
    }
}
