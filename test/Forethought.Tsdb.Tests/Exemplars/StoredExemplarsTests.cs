using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Store;
using Forethought.Tsdb.Wal;
using static Forethought.Tsdb.Tests.Exemplars.ExemplarText;

namespace Forethought.Tsdb.Tests.Exemplars;

/// <summary>Exemplars on their way through a transaction, the log and a restart.</summary>
public sealed class StoredExemplarsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new() { Path = _directory.Path, Warned = _warnings.Add, MaxExemplars = 100 };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Committed_exemplars_are_found_and_survive_a_restart()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await AppendAsync(store, "a:0.1@1000 b:0.2@1000", withSamples: true);
            await AppendAsync(store, "a:0.3@2000", withSamples: true);
            Assert.Equal("a:0.1@1000 a:0.3@2000 b:0.2@1000", Select(store));
        }

        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            Assert.Equal("a:0.1@1000 a:0.3@2000 b:0.2@1000", Select(store));
            Exemplar exemplar = store.SelectExemplars(0, 1500, [Everything])[0].Exemplars[0];
            Assert.Equal(Labels.FromStrings("trace_id", "a"), exemplar.Labels);
        }

        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_smaller_ring_keeps_the_newest_of_the_log()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await AppendAsync(store, "a:1@1000 a:2@2000 b:3@3000 b:4@4000");
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options with { MaxExemplars = 2 });
        Assert.Equal("b:3@3000 b:4@4000", Select(reopened));
    }

    [Fact]
    public async Task Nothing_is_kept_or_logged_unless_there_is_room()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { MaxExemplars = 0 }))
        {
            Assert.Equal([ExemplarOutcome.Ignored], await AppendAsync(store, "a:1@1000", withSamples: true));
            Assert.Equal("", Select(store));
        }

        Assert.DoesNotContain(WalRecordType.Exemplars, RecordTypes());
    }

    [Fact]
    public async Task A_rolled_back_transaction_leaves_none()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            using (IAppender appender = store.OpenAppender())
            {
                appender.Append(Batch(appender, "a:1@1000"));
                appender.Rollback();
            }

            await AppendAsync(store, "a:2@2000");
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal("a:2@2000", Select(reopened));
    }

    [Fact]
    public async Task Exemplars_come_in_the_log_after_the_samples_of_their_transaction()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await AppendAsync(store, "a:1@1000", withSamples: true);
        Assert.Equal([WalRecordType.Series, WalRecordType.Samples, WalRecordType.Exemplars], RecordTypes());
    }

    [Fact]
    public async Task Each_exemplar_is_told_what_became_of_it_and_only_accepted_ones_are_logged()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await AppendAsync(store, "a:5@5000");
            using IAppender appender = store.OpenAppender();
            AppendBatch batch = Batch(appender, "a:6@6000 a:5@7000 a:4@4000");
            batch.Exemplars.Add((new SeriesRef(999), Parse("z:1@1").Exemplar));
            batch.Exemplars.Add((appender.Series(Series("a")), new Exemplar(Labels.FromStrings("n", new string('x', 128)), 1, 9000, true)));
            Assert.Equal(0, appender.Append(batch));
            Assert.Equal(
                [
                    ExemplarOutcome.Accepted, ExemplarOutcome.Ignored, ExemplarOutcome.OutOfOrder,
                    ExemplarOutcome.UnknownSeries, ExemplarOutcome.LabelsTooLong,
                ],
                batch.ExemplarOutcomes);
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal("a:5@5000 a:6@6000", Select(reopened));
    }

    [Fact]
    public async Task The_window_for_late_ones_can_be_changed()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { OutOfOrderTimeWindow = TimeSpan.FromSeconds(2) });
        await AppendAsync(store, "a:5@5000");
        Assert.Equal([ExemplarOutcome.Accepted, ExemplarOutcome.OutOfOrder], await AppendAsync(store, "a:4@3001 a:3@3000"));
        store.OutOfOrderTimeWindow = TimeSpan.Zero;
        Assert.Equal([ExemplarOutcome.OutOfOrder], await AppendAsync(store, "a:4.5@4500"));
        Assert.Equal("a:4@3001 a:5@5000", Select(store));
    }

    [Fact]
    public async Task A_batch_counts_the_outcomes_of_its_last_filling_only()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using IAppender appender = store.OpenAppender();
        AppendBatch batch = Batch(appender, "a:1@1000 a:2@2000");
        appender.Append(batch);
        batch.Clear();
        batch.Exemplars.Add((appender.Series(Series("a")), Parse("a:3@3000").Exemplar));
        appender.Append(batch);
        Assert.Equal([ExemplarOutcome.Accepted], batch.ExemplarOutcomes);
    }

    [Fact]
    public async Task What_two_transactions_staged_alike_is_kept_once()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using IAppender first = store.OpenAppender(), second = store.OpenAppender();
        first.Append(Batch(first, "a:1@1000 a:3@3000"));
        second.Append(Batch(second, "a:1@1000 a:2@2000"));
        await first.CommitAsync(TestContext.Current.CancellationToken);
        await second.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("a:1@1000 a:3@3000", Select(store));
        Assert.Equal(2, await MetricAsync(store, "prometheus_tsdb_exemplar_out_of_order_exemplars_total"));
    }

    [Fact]
    public async Task Exemplars_outlive_their_series()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { Path = null });
        await AppendAsync(store, "a:1@1000", withSamples: true);
        await store.AppendAsync(Series("b"), (100_000_000, 1));
        await store.TruncateHeadAsync(90_000_000);
        Assert.Equal(1, store.GetStatistics().Series);
        Assert.Equal("a:1@1000", Select(store));
        await AppendAsync(store, "a:2@100000000", withSamples: true);
        Assert.Equal("a:1@1000 a:2@100000000", Select(store));
        Assert.Equal(1, await MetricAsync(store, "prometheus_tsdb_exemplar_series_with_exemplars_in_storage"));
    }

    [Fact]
    public async Task Exemplars_of_series_that_the_log_does_not_name_are_passed_over_with_a_warning()
    {
        WriteLog(records =>
        {
            records.Begin(WalRecordType.Series);
            SeriesRecord.Write(records, new SeriesRef(1), Series("a").Packed);
            records.End();
            records.Begin(WalRecordType.Exemplars);
            (SeriesRef, long) first = (new SeriesRef(1), 1000);
            ExemplarRecord.WriteHead(records, first.Item1, first.Item2);
            ExemplarRecord.Write(records, first, new SeriesRef(1), 1000, 1, Labels.FromStrings("trace_id", "a").Packed);
            ExemplarRecord.Write(records, first, new SeriesRef(7), 1000, 1, default);
            ExemplarRecord.Write(records, first, new SeriesRef(1), 500, 1, default);
            records.End();
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.Equal("a:1@1000", Select(store));
        Assert.Equal(
            ["Unexpected error when replaying WAL on exemplar record: out of order exemplar", "Unknown series references: samples=0 exemplars=1 tombstones=0"],
            _warnings);
        Assert.Equal(1, await MetricAsync(store, "prometheus_tsdb_wal_replay_unknown_refs_total{type=\"exemplars\"}"));
    }

    [Fact]
    public async Task A_damaged_exemplar_record_ends_replay_like_any_other()
    {
        WriteLog(records =>
        {
            records.Begin(WalRecordType.Exemplars);
            records.WriteInt64(5);
            records.End();
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.Equal(1, store.WalCorruptions);
    }

    [Fact]
    public async Task An_exemplar_of_the_log_that_is_too_long_is_passed_over()
    {
        WriteLog(records =>
        {
            records.Begin(WalRecordType.Series);
            SeriesRecord.Write(records, new SeriesRef(1), Series("a").Packed);
            records.End();
            records.Begin(WalRecordType.Exemplars);
            (SeriesRef, long) first = (new SeriesRef(1), 1000);
            ExemplarRecord.WriteHead(records, first.Item1, first.Item2);
            ExemplarRecord.Write(records, first, new SeriesRef(1), 1000, 1, new byte[70_000]);
            ExemplarRecord.Write(records, first, new SeriesRef(1), 1000, 2, default);
            records.End();
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.Equal("a:2@1000", Select(store));
        Assert.Equal(0, store.WalCorruptions);
    }

    [Fact]
    public async Task The_metrics_say_what_the_ring_holds()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { Path = null, MaxExemplars = 3 });
        Assert.Equal(0, await MetricAsync(store, "prometheus_tsdb_exemplar_last_exemplars_timestamp_seconds"));
        await AppendAsync(store, "a:1@1000 a:2@2500 b:3@3000 b:4@4000");
        Assert.Equal(4, await MetricAsync(store, "prometheus_tsdb_exemplar_exemplars_appended_total"));
        Assert.Equal(3, await MetricAsync(store, "prometheus_tsdb_exemplar_exemplars_in_storage"));
        Assert.Equal(2, await MetricAsync(store, "prometheus_tsdb_exemplar_series_with_exemplars_in_storage"));
        Assert.Equal(2.5, await MetricAsync(store, "prometheus_tsdb_exemplar_last_exemplars_timestamp_seconds"));
        Assert.Equal(3, await MetricAsync(store, "prometheus_tsdb_exemplar_max_exemplars"));
        Assert.Equal(1, store.ResizeExemplars(1));
        Assert.Equal("b:4@4000", Select(store));
        Assert.Equal(1, await MetricAsync(store, "prometheus_tsdb_exemplar_max_exemplars"));
    }

    private static async Task<List<ExemplarOutcome>> AppendAsync(TsdbStore store, string words, bool withSamples = false)
    {
        using IAppender appender = store.OpenAppender();
        AppendBatch batch = Batch(appender, words);
        if (withSamples)
        {
            foreach ((SeriesRef series, Exemplar exemplar) in batch.Exemplars)
                batch.Add(series, exemplar.TimeMs, 1);
        }

        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        return [.. batch.ExemplarOutcomes];
    }

    private static AppendBatch Batch(IAppender appender, string words)
    {
        var batch = new AppendBatch();
        foreach (string word in words.Split(' '))
        {
            (Labels series, Exemplar exemplar) = Parse(word);
            batch.Exemplars.Add((appender.Series(series), exemplar));
        }

        return batch;
    }

    private static string Select(TsdbStore store) => Show(store.SelectExemplars(long.MinValue, long.MaxValue, [Everything]));

    private static async Task<double> MetricAsync(TsdbStore store, string name)
    {
        var registry = new Client.MetricRegistry();
        registry.Register(store.Metrics);
        using var text = new MemoryStream();
        await new Client.MetricsHandler(registry).ServeAsync("", "", _ => { }, text, TestContext.Current.CancellationToken);
        string line = System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private List<WalRecordType> RecordTypes()
    {
        List<WalRecordType> types = [];
        using var reader = new WalReader(new WalRange(Log(), 0));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
            types.Add(WalRecord.TypeOf(record));
        return types;
    }

    private void WriteLog(Action<RecordBuffer> write)
    {
        var records = new RecordBuffer();
        write(records);
        Directory.CreateDirectory(Path.Combine(_directory.Path, "wal"));
        using var writer = new WalWriter(Log(), new WalOptions { SegmentSize = 64 * 1024 });
        Assert.True(writer.TryStage(records));
        writer.WriteStaged();
        writer.Close();
    }

    private FileSystemDirectory Log() => new(Path.Combine(_directory.Path, "wal"));
}
