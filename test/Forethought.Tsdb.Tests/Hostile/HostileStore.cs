using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;
using Forethought.Tsdb.Wal;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>
/// A store whose directory has files of all kinds: blocks, some with deletions, chunks of the head, a checkpoint, a log of late samples
/// and a snapshot. Its blocks are ten minutes long and it has a sample of each series a minute.
/// </summary>
internal static class HostileStore
{
    private const string Kinds = "ffhcHC";
    private const long Minute = 60_000;
    private const long Range = 10 * Minute;
    private const long StartMs = 1_700_000_400_000;

    /// <summary>After this time everything in the directory is due to be written into blocks.</summary>
    public const long LongMs = 60 * Minute;

    /// <summary>The newest sample.</summary>
    public const long EndMs = StartMs + 84 * Minute;

    /// <summary>From here on samples are in the head only.</summary>
    public const long HeadStartMs = StartMs + 80 * Minute;

    /// <summary>Opens the store at some time after the newest sample.</summary>
    public static Task<TsdbStore> OpenAsync(MemoryDisk disk, List<string> warnings, long afterMs = 0)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(EndMs + afterMs));
        return TsdbStore.OpenAsync(new TsdbOptions
        {
            DataDirectory = disk.Root,
            MinBlockDuration = TimeSpan.FromMilliseconds(Range),
            MaxBlockDuration = TimeSpan.FromMinutes(90),
            SamplesPerChunk = 8,
            WalSegmentSize = 32 * 1024,
            WalCompression = WalCompression.None,
            Retention = RetentionLimits.None,
            BlockReloadInterval = TimeSpan.FromDays(40),
            OutOfOrderTimeWindow = TimeSpan.FromMinutes(15),
            SnapshotsOnShutdown = true,
            LogsMetadata = true,
            MaxExemplars = 10,
            TimeProvider = clock,
            Random = new Random(1),
            Warned = warnings.Add,
        });
    }

    /// <summary>Writes the directory.</summary>
    public static async Task<MemoryDisk> WriteAsync()
    {
        var disk = new MemoryDisk();
        await using TsdbStore store = await OpenAsync(disk, []);
        for (long timeMs = StartMs; timeMs <= EndMs; timeMs += Minute)
        {
            await AppendAsync(store, timeMs);
            long minutes = (timeMs - StartMs) / Minute;
            if (minutes % 10 == 7)
                await store.AppendAsync(LabelsOf(0), (timeMs - 2 * Minute - 1, minutes));
            if (minutes % 20 == 19)
                await store.MaintainAsync();
            if (minutes is 45 or 83)
                await store.DeleteAsync(timeMs - 20 * Minute, timeMs - 10 * Minute, [new Matcher(MatchType.Equal, "job", "j1")]);
        }

        await store.AppendAsync(LabelsOf(1), (EndMs - Minute - 1, 5));
        return disk;
    }

    /// <summary>Adds a sample behind all that the directory has, and later another, which makes everything before due to be written.</summary>
    public static Task AppendFreshAsync(TsdbStore store, long afterMs) =>
        store.AppendAsync(Labels.FromStrings("__name__", "m", "job", "fresh"), (EndMs + afterMs, 7));

    /// <summary>All samples in a range as texts, by the labels of their series in hexadecimal.</summary>
    public static async Task<SortedDictionary<string, string>> ReadAsync(TsdbStore store, long minTimeMs, long maxTimeMs, string job = ".*")
    {
        using IQuerier querier = store.OpenQuerier(minTimeMs, maxTimeMs);
        var hints = new SelectHints { StartMs = minTimeMs, EndMs = maxTimeMs };
        using ISeriesSet set = await querier.SelectAsync(
            hints, [new Matcher(MatchType.RegexMatch, "job", job)], TestContext.Current.CancellationToken);
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var batch = new SampleBatch();
        while (set.MoveNext())
        {
            StoreModel.ReadSamples(set, batch);
            if (batch.Count > 0)
                all[Convert.ToHexString(set.PackedLabels)] = string.Join(", ", Enumerable.Range(0, batch.Count).Select(row => Describe(batch, row)));
        }

        return all;
    }

    private static Labels LabelsOf(int job) => Labels.FromStrings("__name__", "m", "job", $"j{job}");

    private static async Task AppendAsync(TsdbStore store, long timeMs)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        int number = (int)((timeMs - StartMs) / Minute);
        for (int job = 0; job < Kinds.Length; job++)
        {
            SeriesRef series = appender.Series(LabelsOf(job));
            batch.AddMixed(series, timeMs, Kinds[job], number);
            if (number % 30 == 29)
                batch.Metadata.Add((series, new SeriesMetadata(1, "seconds", $"Help {number}")));
            if (job == 0)
                batch.Exemplars.Add((series, new Exemplar(Labels.FromStrings("id", $"{number}"), number, timeMs, true)));
        }

        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private static string Describe(SampleBatch batch, int row) => batch.Histograms?[row] is { } histogram
        ? $"{batch.TimesMs[row]} h{histogram.Count}/{histogram.Sum}"
        : $"{batch.TimesMs[row]} {BitConverter.DoubleToInt64Bits(batch.Values[row]):x}";
}
