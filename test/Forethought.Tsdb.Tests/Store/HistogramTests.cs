using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;

namespace Forethought.Tsdb.Tests.Store;

public sealed class HistogramTests : IDisposable
{
    private static readonly Labels Requests = Labels.FromStrings("__name__", "request_seconds", "job", "a");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Histograms_are_read_back_and_survive_a_restart()
    {
        await using (TsdbStore store = await OpenAsync())
        {
            for (int i = 1; i <= 1000; i++)
                await CommitAsync(store, (i * 15_000L, Integer(i)));
            Check(await ReadAsync(store), 1000);
            Assert.True(store.GetStatistics().Chunks >= 3);
        }

        await using TsdbStore reopened = await OpenAsync();
        Check(await ReadAsync(reopened), 1000);
    }

    [Fact]
    public async Task Float_histograms_are_read_back_and_survive_a_restart()
    {
        await using (TsdbStore store = await OpenAsync())
        {
            for (int i = 1; i <= 50; i++)
                await CommitAsync(store, (i * 15_000L, Float(i)));
        }

        await using TsdbStore reopened = await OpenAsync();
        Check(await ReadAsync(reopened), 50);
    }

    [Fact]
    public async Task A_series_may_switch_between_floats_and_both_kinds_of_histograms()
    {
        await using (TsdbStore store = await OpenAsync())
        {
            await CommitAsync(store, (1000, 1.5), (2000, Integer(2)), (3000, Float(3)));
            await CommitAsync(store, (4000, Float(4)));
            await CommitAsync(store, (5000, 5.5));
            await CommitAsync(store, (6000, Integer(6)));
            SampleBatch batch = await ReadAsync(store);
            Assert.Equal([1000, 2000, 3000, 4000, 5000, 6000], batch.TimesMs.Take(batch.Count));
            Assert.Equal(
                [
                    SampleKind.Float, SampleKind.Histogram, SampleKind.Histogram,
                    SampleKind.Histogram, SampleKind.Float, SampleKind.Histogram,
                ],
                batch.Kinds.Take(batch.Count));
        }

        await using TsdbStore reopened = await OpenAsync();
        Assert.Equal(6, (await ReadAsync(reopened)).Count);
    }

    [Fact]
    public async Task A_stale_marker_on_a_histogram_series_becomes_a_stale_histogram()
    {
        await using TsdbStore store = await OpenAsync();
        await CommitAsync(store, (1000, Integer(1)));
        await CommitAsync(store, (2000, StaleMarker.Value));
        await CommitAsync(store, (3000, Float(3)));
        await CommitAsync(store, (4000, StaleMarker.Value));
        SampleBatch batch = await ReadAsync(store);
        Assert.Equal(
            [SampleKind.Histogram, SampleKind.StaleHistogram, SampleKind.Histogram, SampleKind.StaleHistogram],
            batch.Kinds.Take(batch.Count));
    }

    [Fact]
    public async Task Outcomes_are_those_of_floats()
    {
        await using TsdbStore store = await OpenAsync();
        await CommitAsync(store, (10_000_000, Integer(5)));
        Assert.Equal(AppendOutcome.Identical, Stage(store, 10_000_000, Integer(5)).Outcome);
        Assert.Equal(AppendOutcome.DuplicateTimestamp, Stage(store, 10_000_000, Integer(6)).Outcome);
        Assert.Equal(AppendOutcome.DuplicateTimestamp, Stage(store, 10_000_000, Float(5)).Outcome);
        Assert.Equal(AppendOutcome.DuplicateTimestamp, Stage(store, 10_000_000, 5.0).Outcome);
        Assert.Equal(AppendOutcome.OutOfOrder, Stage(store, 9_999_999, Integer(5)).Outcome);
        Assert.Equal(AppendOutcome.OutOfOrder, Stage(store, 9_999_999, 5.0).Outcome);
        Assert.Equal(AppendOutcome.OutOfBounds, Stage(store, 10_000_000 - 3_600_001, Integer(5)).Outcome);
        Assert.Equal(AppendOutcome.Accepted, Stage(store, 10_000_001, 5.0).Outcome);
    }

    [Fact]
    public async Task A_histogram_that_contradicts_itself_is_refused_with_upstreams_words()
    {
        await using TsdbStore store = await OpenAsync();
        Histogram wrong = Integer(3);
        wrong.Count++;
        (AppendOutcome outcome, string? error) = Stage(store, 1000, wrong);
        Assert.Equal(AppendOutcome.InvalidHistogram, outcome);
        Assert.Equal(
            "9 observations found in buckets, but the Count field is 10: histogram's observation count should equal the number of "
            + "observations found in the buckets (in absence of NaN)",
            error);
    }

    [Fact]
    public async Task The_batch_and_its_histograms_may_be_reused_before_the_commit()
    {
        await using TsdbStore store = await OpenAsync();
        using (IAppender appender = store.OpenAppender())
        {
            var batch = new AppendBatch();
            Histogram histogram = Integer(1);
            batch.Add(appender.Series(Requests), 1000, histogram);
            appender.Append(batch);
            batch.Clear();
            histogram.PositiveBuckets[0] = 77;
            histogram.Count = 99;
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        SampleBatch read = await ReadAsync(store);
        Assert.Equal(3, read.Histograms![0]!.Count);
        Assert.Equal([1.0, 2.0], read.Histograms[0]!.PositiveBuckets);
    }

    [Fact]
    public async Task Truncation_frees_histogram_chunks_and_an_open_reader_is_not_disturbed()
    {
        await using TsdbStore store = await OpenAsync();
        for (int i = 1; i <= 200; i++)
            await CommitAsync(store, (i * 15_000L, Integer(i)));
        using (IQuerier view = store.OpenQuerier(199 * 15_000L, long.MaxValue))
        {
            await CommitAsync(store, (201 * 15_000L, Integer(201)));
            await store.TruncateHeadAsync(199 * 15_000L);
            SampleBatch batch = await ReadAsync(view);
            Assert.Equal([199 * 15_000L, 200 * 15_000L], batch.TimesMs.Take(batch.Count));
        }

        await store.TruncateHeadAsync(300 * 15_000L);
        Assert.Equal(0, store.GetStatistics().Series);
        Assert.Equal(0, store.GetStatistics().Chunks);
    }

    private static Histogram Integer(int i) => new()
    {
        Schema = 1,
        ZeroThreshold = 0.001,
        Count = (ulong)(3 * i),
        Sum = i * 0.5,
        PositiveSpans = [new HistogramSpan(2, 2)],
        PositiveBuckets = [i, i],
    };

    private static FloatHistogram Float(int i) => new()
    {
        Schema = 1,
        ZeroThreshold = 0.001,
        Count = 3 * i,
        Sum = i * 0.5,
        PositiveSpans = [new HistogramSpan(2, 2)],
        PositiveBuckets = [i, 2 * i],
    };

    private static void Check(SampleBatch batch, int count)
    {
        Assert.Equal(count, batch.Count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal((i + 1) * 15_000L, batch.TimesMs[i]);
            FloatHistogram histogram = batch.Histograms![i]!;
            Assert.Equal(3 * (i + 1), histogram.Count);
            Assert.Equal([i + 1.0, 2.0 * (i + 1)], histogram.PositiveBuckets);
            Assert.Equal([new HistogramSpan(2, 2)], histogram.PositiveSpans);
        }
    }

    private static (AppendOutcome Outcome, string? Error) Stage(TsdbStore store, long timeMs, object sample)
    {
        using IAppender appender = store.OpenAppender();
        AppendBatch batch = Batch(appender, (timeMs, sample));
        appender.Append(batch);
        return (batch.Outcomes[0], batch.Errors.Count == 0 ? null : batch.Errors[0].Message);
    }

    private static AppendBatch Batch(IAppender appender, params (long TimeMs, object Sample)[] samples)
    {
        var batch = new AppendBatch();
        foreach ((long timeMs, object sample) in samples)
        {
            switch (sample)
            {
                case double value:
                    batch.Add(appender.Series(Requests), timeMs, value);
                    break;
                case Histogram histogram:
                    batch.Add(appender.Series(Requests), timeMs, histogram);
                    break;
                default:
                    batch.Add(appender.Series(Requests), timeMs, (FloatHistogram)sample);
                    break;
            }
        }

        return batch;
    }

    // One transaction a sample: a transaction logs floats before histograms.
    private static async Task CommitAsync(TsdbStore store, params (long TimeMs, object Sample)[] samples)
    {
        foreach ((long, object) sample in samples)
        {
            using IAppender appender = store.OpenAppender();
            Assert.Equal(0, appender.Append(Batch(appender, sample)));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<SampleBatch> ReadAsync(TsdbStore store)
    {
        using IQuerier querier = store.OpenQuerier(0, long.MaxValue);
        return await ReadAsync(querier);
    }

    private static async Task<SampleBatch> ReadAsync(IQuerier querier)
    {
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue };
        Matcher[] matchers = [new Matcher(Forethought.Model.MatchType.Equal, "job", "a")];
        using ISeriesSet set = await querier.SelectAsync(hints, matchers, TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        Assert.True(set.MoveNext());
        StoreModel.ReadSamples(set, batch);
        return batch;
    }

    private Task<TsdbStore> OpenAsync() => TsdbStore.OpenAsync(new TsdbOptions { Path = _directory.Path });
}
