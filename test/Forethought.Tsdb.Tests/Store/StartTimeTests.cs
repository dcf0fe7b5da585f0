using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Start timestamps on their way through head, log, chunk files and blocks, and what chunks are made for them.</summary>
public sealed class StartTimeTests
{
    private const long Hour = 3_600_000;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Seconds = Labels.FromStrings("__name__", "seconds", "job", "a");

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _warnings = [];

    private TsdbOptions Plain => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        WalSegmentSize = 32 * 1024,
        WalCompression = WalCompression.None,
        Warned = _warnings.Add,
    };

    private TsdbOptions Keeping => Plain with
    {
        FloatChunkEncoding = ChunkEncoding.Xor2,
        StoresStartTimes = true,
        WritesHistogramStartTimes = true,
    };

    [Fact]
    public async Task They_survive_restarts_chunk_files_checkpoints_and_blocks()
    {
        var expected = new List<(long, long)>();
        await using (TsdbStore store = await TsdbStore.OpenAsync(Keeping))
        {
            for (long time = 0; time < 7 * Hour; time += 15_000)
            {
                long start = time / 1_000_000 * 1_000_000 - 5;
                expected.Add((time, start));
                await AppendAsync(store, time, start);
            }

            Assert.Equal(expected, await ReadAsync(store, Up));
        }

        await using (TsdbStore store = await TsdbStore.OpenAsync(Keeping))
        {
            Assert.Equal(expected, await ReadAsync(store, Up));
            Assert.Equal(expected, await ReadAsync(store, Seconds));
            await store.MaintainAsync();
            await store.TruncateHeadAsync(store.Head.Bounds.MinTimeMs + 60_000);
            Assert.Contains(_disk.Root.List(), entry => Ulid.TryParse(entry.Name, out _));
            Assert.Contains(_disk.Root.GetDirectory("wal").List(), entry => entry.Name.StartsWith("checkpoint.", StringComparison.Ordinal));
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Keeping);
        await reopened.MaintainAsync();
        List<(long, long)> floats = await ReadAsync(reopened, Up);
        Assert.Equal(expected, floats);
        Assert.Equal(expected, await ReadAsync(reopened, Seconds));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task The_log_has_them_in_records_of_version_2_and_the_head_in_chunks_with_a_place_for_them()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Keeping))
        {
            await AppendAsync(store, 1000, 900);
            Assert.Equal([ChunkEncoding.Xor2, ChunkEncoding.HistogramWithStartTimes], [.. store.Encodings(Up), .. store.Encodings(Seconds)]);
        }

        Assert.Equal([WalRecordType.Series, WalRecordType.SamplesV2, WalRecordType.HistogramSamplesV2], Records());
    }

    [Fact]
    public async Task Without_the_feature_the_log_is_of_version_1_and_start_timestamps_are_not_taken()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Plain with { FloatChunkEncoding = ChunkEncoding.Xor2 }))
        {
            await AppendAsync(store, 1000, 900);
            Assert.Equal([ChunkEncoding.Xor2, ChunkEncoding.Histogram], [.. store.Encodings(Up), .. store.Encodings(Seconds)]);
            Assert.Equal([(1000, 0)], await ReadAsync(store, Up));
        }

        Assert.Equal([WalRecordType.Series, WalRecordType.Samples, WalRecordType.HistogramSamples], Records());
    }

    [Fact]
    public async Task A_log_with_them_can_be_replayed_by_a_store_that_does_not_keep_them()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Keeping))
            await AppendAsync(store, 1000, 900);
        await using TsdbStore plain = await TsdbStore.OpenAsync(Plain);
        Assert.Equal([(1000, 0)], await ReadAsync(plain, Up));
        Assert.Equal([ChunkEncoding.Xor, ChunkEncoding.Histogram], [.. plain.Encodings(Up), .. plain.Encodings(Seconds)]);
    }

    [Fact]
    public async Task The_encoding_of_floats_can_be_changed_and_open_chunks_go_on()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Plain);
        (long, double)[] samples = [.. Enumerable.Range(0, 400).Select(i => (i * 15_000L, Math.Sqrt(i)))];
        await store.AppendAsync(Up, samples[..5]);
        store.FloatChunkEncoding = ChunkEncoding.Xor2;
        await store.AppendAsync(Up, samples[5]);
        Assert.Equal([ChunkEncoding.Xor], store.Encodings(Up));
        await store.AppendAsync(Up, samples[6..200]);
        Assert.Equal(ChunkEncoding.Xor2, store.Encodings(Up)[^1]);
        store.FloatChunkEncoding = ChunkEncoding.Xor;
        await store.AppendAsync(Up, samples[200..]);
        Assert.Equal(ChunkEncoding.Xor, store.Encodings(Up)[^1]);
        Assert.Equal(samples, (await store.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task Samples_are_refused_against_an_open_chunk_in_either_encoding_alike()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Keeping);
        await store.AppendAsync(Up, (1000, 1), (2000, StaleMarker.Value));
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        SeriesRef series = appender.Series(Up);
        foreach ((long time, double value) in ((long, double)[])[(2000, StaleMarker.Value), (2000, 3), (1500, 1), (3000, 3)])
            batch.Add(series, time, value);
        appender.Append(batch);
        Assert.Equal(
            [AppendOutcome.Identical, AppendOutcome.DuplicateTimestamp, AppendOutcome.OutOfOrder, AppendOutcome.Accepted],
            batch.Outcomes.Take(4));
    }

    [Fact]
    public async Task A_stale_marker_of_a_histogram_series_keeps_its_start_timestamp()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Keeping);
        await AppendAsync(store, 1000, 900);
        using (IAppender appender = store.OpenAppender())
        {
            var batch = new AppendBatch();
            batch.Add(appender.Series(Seconds), 2000, StaleMarker.Value);
            batch.RequireStartTimes()[0] = 900;
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal([(1000, 900), (2000, 900)], await ReadAsync(store, Seconds));
    }

    [Fact]
    public async Task An_encoding_that_cannot_hold_them_is_refused_at_the_start_and_later()
    {
        const string text = "float chunk encoding \"xor\" is incompatible with start-timestamp storage; "
            + "XOR chunks do not store start timestamps, use \"xor2\"";
        StorageException error = await Assert.ThrowsAsync<StorageException>(
            () => TsdbStore.OpenAsync(Plain with { StoresStartTimes = true }));
        Assert.Equal(text, error.Message);
        await using TsdbStore store = await TsdbStore.OpenAsync(Keeping);
        Assert.Equal(text, Assert.Throws<StorageException>(() => store.FloatChunkEncoding = ChunkEncoding.Xor).Message);
        Assert.Equal(ChunkEncoding.Xor2, store.FloatChunkEncoding);
        Assert.Equal(
            "unsupported float chunk encoding \"histogram\"; valid values are \"xor\" and \"xor2\"",
            Assert.Throws<StorageException>(() => store.FloatChunkEncoding = ChunkEncoding.Histogram).Message);
    }

    private static async Task AppendAsync(TsdbStore store, long timeMs, long startMs)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        batch.Add(appender.Series(Up), timeMs, timeMs);
        batch.Add(appender.Series(Seconds), timeMs, new Histogram { Count = 3, Sum = timeMs, ZeroCount = 3, ZeroThreshold = 0.001 });
        long[] starts = batch.RequireStartTimes();
        starts[0] = starts[1] = startMs;
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<List<(long TimeMs, long StartMs)>> ReadAsync(TsdbStore store, Labels labels)
    {
        using IQuerier querier = store.OpenQuerier(long.MinValue, long.MaxValue);
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue };
        Matcher[] matchers = [new Matcher(Forethought.Model.MatchType.Equal, "__name__", labels == Up ? "up" : "seconds")];
        using ISeriesSet set = await querier.SelectAsync(hints, matchers, TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        Assert.True(set.MoveNext());
        StoreModel.ReadSamples(set, batch);
        return [.. Enumerable.Range(0, batch.Count).Select(i => (batch.TimesMs[i], batch.StartTimesMs?[i] ?? 0))];
    }

    private List<WalRecordType> Records()
    {
        var types = new List<WalRecordType>();
        using var reader = new WalReader(new WalRange(_disk.Root.GetDirectory("wal"), 0));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
            types.Add(WalRecord.TypeOf(record));
        return types;
    }
}
