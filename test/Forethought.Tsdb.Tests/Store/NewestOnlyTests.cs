using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>A query that wants of each series only the newest sample up to a time, against one that reads all samples.</summary>
public sealed class NewestOnlyTests
{
    private const long Minute = 60_000;

    private readonly MemoryDisk _disk = new();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 30)]
    [InlineData(4, 30)]
    public async Task The_newest_sample_is_that_of_all_samples(int seed, int windowMinutes)
    {
        Random random = Fuzz.Random(seed);
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions
        {
            DataDirectory = _disk.Root,
            OutOfOrderTimeWindow = TimeSpan.FromMinutes(windowMinutes),
            Retention = RetentionLimits.None,
        });
        var views = new List<IQuerier>();
        long now = 0;
        for (int step = 0; step < Fuzz.Rounds(300); step++)
        {
            now += random.Next(1, 4) * Minute;
            await CommitAsync(store, random, now, windowMinutes);
            if (random.Next(60) == 0)
                await store.DeleteAsync(now - (random.Next(100) * Minute), now - (random.Next(20) * Minute), [Job(random.Next(3))]);
            if (random.Next(80) == 0)
            {
                // What is written into blocks leaves the head when no query needs it there.
                Close(views);
                await store.MaintainAsync();
            }

            if (random.Next(10) == 0)
                views.Add(store.OpenQuerier(now - (random.Next(300) * Minute), now + (random.Next(-30, 30) * Minute)));
            if (random.Next(5) != 0 || views.Count == 0)
                continue;
            int view = random.Next(views.Count);
            await CompareAsync(views[view], random, now);
            views[view].Dispose();
            views.RemoveAt(view);
        }

        Close(views);
    }

    [Fact]
    public async Task Nothing_is_decoded_for_the_last_sample_of_the_head()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        await store.AppendAsync(Labels.FromStrings("__name__", "a"), [.. Enumerable.Range(0, 100).Select(i => (i * 1000L, (double)i))]);

        Assert.Equal([(99_000, 99)], await ReadAsync(store, 99_000));
        Assert.Equal([(99_000, 99)], await ReadAsync(store, 500_000));
        // Any earlier time takes the chunk.
        Assert.Equal((98_000, 98), (await ReadAsync(store, 98_999))[^1]);
    }

    private static void Close(List<IQuerier> views)
    {
        views.ForEach(static view => view.Dispose());
        views.Clear();
    }

    private static async Task<List<(long TimeMs, double Value)>> ReadAsync(TsdbStore store, long endMs)
    {
        using IQuerier querier = store.OpenQuerier(0, endMs);
        using ISeriesSet set = await querier.SelectAsync(Hints(endMs, newestOnly: true), [], TestContext.Current.CancellationToken);
        Assert.True(set.MoveNext());
        return StoreModel.ReadSamples(set, new SampleBatch());
    }

    private static async Task CompareAsync(IQuerier querier, Random random, long now)
    {
        for (int i = 0; i < 5; i++)
        {
            long end = now - (random.Next(-20, 300) * Minute / 2);
            Assert.Equal(await NewestAsync(querier, end, newestOnly: false), await NewestAsync(querier, end, newestOnly: true));
        }
    }

    // Series of which no sample is up to the end are left out: whether storage still lists them is its own affair.
    private static async Task<List<string>> NewestAsync(IQuerier querier, long endMs, bool newestOnly)
    {
        var all = new List<string>();
        using ISeriesSet set = await querier.SelectAsync(Hints(endMs, newestOnly), [], TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        while (set.MoveNext())
        {
            StoreModel.ReadSamples(set, batch);
            int last = batch.Count - 1;
            while (last >= 0 && batch.TimesMs[last] > endMs)
                last--;
            if (last >= 0)
                all.Add($"{Labels.FromPacked(set.PackedLabels)} {batch.TimesMs[last]} {MixedSamples.Describe(batch, last)}");
        }

        return all;
    }

    private static SelectHints Hints(long endMs, bool newestOnly) =>
        new() { StartMs = long.MinValue, EndMs = endMs, SortSeries = true, NewestOnly = newestOnly };

    private static Matcher Job(int job) => new(MatchType.Equal, "job", $"j{job}");

    private static async Task CommitAsync(TsdbStore store, Random random, long now, int windowMinutes)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        for (int job = 0; job < 4; job++)
        {
            bool isLate = windowMinutes > 0 && random.Next(6) == 0;
            char letter = job == 0 ? 'f' : random.Next(30) == 0 ? MixedSamples.Letters[random.Next(6)] : "ffhH"[job];
            batch.AddMixed(
                appender.Series(Labels.FromStrings("__name__", "mixed", "job", $"j{job}")),
                isLate ? now - random.Next((int)(windowMinutes * Minute)) : now, letter, random.Next(1, 1000));
        }

        appender.Append(batch);
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }
}
