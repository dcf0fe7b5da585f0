using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Series that come and go must leave nothing behind: after a few generations memory and log are as large as they will ever be.</summary>
public sealed class ChurnTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const int Generations = 14;
    private const int Settled = 6;
    private const int SeriesPerGeneration = 400;

    private readonly MemoryDisk _disk = new();

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = new RetentionLimits(TimeSpan.FromHours(8), 0, 0),
        MaxBlockDuration = TimeSpan.FromHours(6),
        SamplesPerChunk = 20,
        WalSegmentSize = 32 * 1024,
    };

    [Fact]
    public async Task Memory_and_log_stop_growing_when_as_many_series_go_as_come()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        var held = new List<Holding>();
        for (int generation = 0; generation < Generations; generation++)
        {
            await AppendAsync(store, generation);
            await store.MaintainAsync();
            held.Add(Holding.Of(store, _disk));
        }

        // Series were collected, or nothing of this means anything.
        Assert.InRange(store.Head.Counters.SeriesRemoved, (Generations - 4) * SeriesPerGeneration, Generations * SeriesPerGeneration);
        Assert.Equal(0, store.Head.Epochs.RetiredCount);
        foreach (Holding late in held[Settled..])
            AssertNoMore(held[..Settled], late);
    }

    private static void AssertNoMore(List<Holding> early, Holding late)
    {
        foreach (MemoryPurpose purpose in Enum.GetValues<MemoryPurpose>())
        {
            // Half a page of slack and a tenth more: how full pages are differs from time to time.
            long most = early.Max(holding => holding.Bytes[(int)purpose]);
            Assert.True(late.Bytes[(int)purpose] <= most + most / 10 + 32_768, $"{purpose}: {late.Bytes[(int)purpose]} after {most}");
        }

        Assert.InRange(late.Slots, 1u, early.Max(holding => holding.Slots));
        Assert.InRange(late.Pairs, 1u, early.Max(holding => holding.Pairs));
        Assert.InRange(late.LogBytes, 1, early.Max(holding => holding.LogBytes) * 11 / 10);
    }

    // Two hours of samples of series that nobody has seen before, and of one that stays.
    private static async Task AppendAsync(TsdbStore store, int generation)
    {
        var batch = new AppendBatch();
        for (long time = generation * 2 * Hour; time < (generation + 1) * 2 * Hour; time += 2 * Minute)
        {
            using IAppender appender = store.OpenAppender();
            batch.Clear();
            batch.Add(appender.Series(Labels.FromStrings("__name__", "up", "job", "a")), time, 1);
            for (int i = 0; i < SeriesPerGeneration; i++)
            {
                Labels labels = Labels.FromStrings("__name__", $"m_{i % 7}", "pod", $"pod-{generation}-{i}", "version", $"v{generation}");
                batch.Add(appender.Series(labels), time, time * 0.37 + i);
            }

            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync();
        }
    }

    private sealed record Holding(long[] Bytes, uint Slots, uint Pairs, long LogBytes)
    {
        public static Holding Of(TsdbStore store, MemoryDisk disk) => new(
            [.. Enum.GetValues<MemoryPurpose>().Select(store.Head.Allocator.BytesOf)],
            store.Head.Index.Series.Length,
            store.Head.Index.Pairs.Length,
            Size(disk.Log));

        private static long Size(MemoryDirectory directory) => directory.List().Sum(
            entry => entry.IsDirectory ? Size((MemoryDirectory)directory.GetDirectory(entry.Name)) : entry.Length);
    }
}
