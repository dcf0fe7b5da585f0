using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Snapshots;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Snapshots;

/// <summary>The head goes to disk when the store is closed and comes back from there; the log is there in case it does not.</summary>
public sealed class SnapshotTests
{
    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Seconds = Labels.FromStrings("__name__", "seconds", "job", "b");

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        WalSegmentSize = 32 * 1024,
        WalCompression = WalCompression.None,
        SnapshotsOnShutdown = true,
        MaxExemplars = 10,
        Warned = _warnings.Add,
    };

    [Fact]
    public async Task What_it_holds_is_not_read_from_the_log_and_the_log_after_it_is()
    {
        (long, double)[] samples = [.. Enumerable.Range(0, 500).Select(i => (i * 15_000L, Math.Sqrt(i)))];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Up, samples[..400]);
        string name = Assert.Single(Snapshots());
        Assert.Equal($"chunk_snapshot.000000.{_disk.Log.File("00000000").Length:d10}", name);
        BlankLog();
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            Assert.Equal(samples[..400], (await store.ReadAsync(0, long.MaxValue))[Up]);
            await store.AppendAsync(Up, samples[400..]);
            Assert.Equal(500, (await store.ReadAsync(0, long.MaxValue))[Up].Count);
        }

        Assert.NotEqual(name, Assert.Single(Snapshots()));
        BlankLog();
        await using TsdbStore last = await TsdbStore.OpenAsync(Options);
        Assert.Equal(samples, (await last.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Equal(0, last.Head.Counters.SnapshotsFailed);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task It_is_used_once_and_after_a_run_without_one_the_log_alone_counts()
    {
        (long, double)[] samples = [.. Enumerable.Range(0, 500).Select(i => (i * 15_000L, Math.Sqrt(i)))];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Up, samples[..400]);
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            Assert.Empty(Snapshots());
            await store.AppendAsync(Up, samples[400..450]);
            await store.MaintainAsync();
            AbandonLog();
        }

        _disk.Fault = null;
        Assert.Empty(Snapshots());
        await using TsdbStore last = await TsdbStore.OpenAsync(Options);
        Assert.Equal(samples[..450], (await last.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Equal(0, last.Head.Counters.SnapshotsFailed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Restarts_change_nothing_whatever_the_samples_are(int seed)
    {
        Random random = Fuzz.Random(seed);
        bool keepsStartTimes = seed == 3;
        TsdbOptions options = Options with
        {
            FloatChunkEncoding = keepsStartTimes ? ChunkEncoding.Xor2 : ChunkEncoding.Xor,
            StoresStartTimes = keepsStartTimes,
            WritesHistogramStartTimes = keepsStartTimes,
        };
        Labels[] series = [.. Enumerable.Range(0, 8).Select(job => Labels.FromStrings("__name__", "m", "job", $"{job}"))];
        List<(long, char, int)>[] model = [.. series.Select(_ => new List<(long, char, int)>())];
        TsdbStore store = await TsdbStore.OpenAsync(options);
        long now = 0;
        for (int step = 0; step < Fuzz.Rounds(200); step++)
        {
            now += 1000 * random.Next(1, 100);
            using (IAppender appender = store.OpenAppender())
            {
                var batch = new AppendBatch();
                for (int job = 0; job < series.Length; job++)
                {
                    // Two kinds of letters a series, changed rarely: chunks grow.
                    if (random.Next(4) == 0)
                        continue;
                    char letter = random.Next(12) == 0 ? 's' : MixedSamples.Letters[(job + (step / 60)) % 5];
                    batch.AddMixed(appender.Series(series[job]), now, letter, step);
                    model[job].Add((now, letter, step));
                }

                Assert.Equal(0, appender.Append(batch));
                await appender.CommitAsync(TestContext.Current.CancellationToken);
            }

            if (random.Next(12) != 0)
                continue;
            await store.DisposeAsync();
            BlankLog();
            store = await TsdbStore.OpenAsync(options);
            for (int job = 0; job < series.Length; job++)
                Assert.Equal(MixedSamples.Describe(model[job]), await store.ReadMixedAsync(series[job]));
        }

        Assert.Equal(0, store.Head.Counters.SnapshotsFailed);
        await store.DisposeAsync();
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Stale_series_and_exemplars_come_back()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            using IAppender appender = store.OpenAppender();
            var batch = new AppendBatch();
            SeriesRef up = appender.Series(Up), seconds = appender.Series(Seconds);
            batch.Add(up, 1000, StaleMarker.Value);
            batch.Add(seconds, 1000, new Histogram { Count = 1, Sum = 1, ZeroCount = 1 });
            foreach (int i in Enumerable.Range(0, 15))
                batch.Exemplars.Add((i % 2 == 0 ? up : seconds, new Exemplar(Labels.FromStrings("id", $"{i}"), i, 1000 + i, true)));
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        BlankLog();
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal(1, reopened.Head.Counters.StaleSeries);
        Matcher any = new(Forethought.Model.MatchType.RegexMatch, "__name__", ".+");
        IReadOnlyList<ExemplarSeries> exemplars = reopened.SelectExemplars(0, long.MaxValue, [[any]]);
        Assert.Equal(
            Enumerable.Range(5, 10), exemplars.SelectMany(series => series.Exemplars).Select(exemplar => (int)exemplar.Value).Order());
        await reopened.AppendAsync(Seconds, (2000, StaleMarker.Value));
        Assert.Equal("1000 h1, 2000 stale h", await Kinds(reopened, Seconds));
        Assert.Equal(2, reopened.Head.Counters.StaleSeries);
    }

    [Fact]
    public async Task Whatever_byte_of_it_is_damaged_the_log_is_read_instead()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (1000, 1), (2000, 2));
            await store.AppendAsync(Seconds, (1000, 3));
        }

        MemoryFile file = Snapshot();
        byte[] whole = [.. file.Content];
        int used = Array.FindLastIndex(whole, value => value != 0) + 1;
        Random random = Fuzz.Random(1);
        for (int at = 0; at < used; at++)
        {
            file.Content = [.. whole];
            file.Content[at] ^= (byte)random.Next(1, 256);
            await CheckFallsBack(file, whole);
            if (at % 5 != 0)
                continue;
            file.Content = whole[..at];
            await CheckFallsBack(file, whole);
        }
    }

    [Fact]
    public async Task Damage_that_checksums_do_not_show_is_found_too()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Up, (1000, 1), (2000, 2));
        string name = Snapshots()[0];
        byte[] record = Records()[0];

        // Type, reference (8), labels (19), nothing (8), number of chunks, first time (8), last time (8), encoding, length, chunk.
        foreach ((int at, byte value) in ((int, byte)[])[(0, 9), (0, 2), (1, 255), (36 + 8, 77), (36 + 16, 77), (36 + 17, 200), (36 + 19, 200)])
        {
            byte[] damaged = [.. record];
            damaged[at] = value;
            Rewrite(name, damaged, [2, 1, 1]);
            await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            {
                Assert.Equal(1, store.Head.Counters.SnapshotsFailed);
                Assert.Equal([(1000, 1), (2000, 2)], (await store.ReadAsync(0, 9000))[Up]);
                AbandonLog();
            }

            Assert.StartsWith("Failed to load chunk snapshot: ", _warnings.First(), StringComparison.Ordinal);
            _warnings.Clear();
        }
    }

    [Fact]
    public async Task One_that_lacks_a_segment_is_not_used()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Up, (1000, 1), (2000, 2));
        var snapshot = (MemoryDirectory)_disk.Root.GetDirectory(Snapshots()[0]);
        snapshot.Create("00000002").Write(Snapshot().Content, 0);
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(1000, 1), (2000, 2)], (await reopened.ReadAsync(0, 9000))[Up]);
        Assert.Equal(1, reopened.Head.Counters.SnapshotsFailed);
        Assert.Equal("Failed to load chunk snapshot: segments are not sequential", Assert.Single(_warnings));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task It_is_not_used_beside_a_file_of_chunks_that_has_become_blank(int length)
    {
        (long, double)[] samples = [.. Enumerable.Range(0, 500).Select(i => (i * 15_000L, Math.Sqrt(i)))];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Up, samples);
        ((MemoryDirectory)_disk.Root.GetDirectory("chunks_head")).File("000001").Content = new byte[length];
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal(samples, (await reopened.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task A_crash_at_any_moment_of_closing_loses_nothing()
    {
        int first = 0, last = 0;
        for (int at = -1; at < last; at++)
        {
            var disk = new MemoryDisk();
            TsdbOptions options = Options with { DataDirectory = disk.Root, SamplesPerChunk = 10 };
            (long, double)[] samples = [.. Enumerable.Range(0, 100).Select(i => (i * 15_000L, (double)i))];
            TsdbStore store = await TsdbStore.OpenAsync(options);
            await store.AppendAsync(Up, samples);
            if (at < 0)
            {
                first = disk.Operations;
                disk.Fault = (number, _) => { last = number + 1; return null; };
                await store.DisposeAsync();
                at = first - 1;
                Assert.InRange(last - first, 10, 100);
                continue;
            }

            int crash = at;
            disk.Fault = (number, _) => number == crash - first ? new DiskFault(3, Crashes: true) : null;
            await Record.ExceptionAsync(async () => await store.DisposeAsync());
            disk.Restart(losesUnsynced: false);
            await using TsdbStore reopened = await TsdbStore.OpenAsync(options);
            Assert.Equal(samples, (await reopened.ReadAsync(0, long.MaxValue))[Up]);
        }
    }

    [Fact]
    public async Task One_that_a_checkpoint_has_overtaken_or_that_the_log_is_behind_of_is_not_used()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Up, (1000, 1));
        string name = Snapshots()[0];
        Assert.True(SnapshotPlace.TryParse(name, out SnapshotPlace place));
        Assert.Equal(place, ChunkSnapshots.FindUsable(_disk.Root, _disk.Log, null));
        _disk.Log.GetDirectory($"checkpoint.{place.Segment:d8}");
        Assert.Equal(SnapshotPlace.None, ChunkSnapshots.FindUsable(_disk.Root, _disk.Log, null));
        _disk.Log.DeleteDirectory($"checkpoint.{place.Segment:d8}");
        _disk.Root.Rename(name, new SnapshotPlace(place.Segment + 1, 0).Name);
        Assert.Equal(SnapshotPlace.None, ChunkSnapshots.FindUsable(_disk.Root, _disk.Log, _warnings.Add));
        Assert.Equal("Last WAL file is behind snapshot, removing snapshots", Assert.Single(_warnings));
        Assert.Empty(Snapshots());
    }

    [Fact]
    public async Task Without_the_feature_none_is_written_and_what_was_not_finished_goes()
    {
        _disk.Root.GetDirectory("chunk_snapshot.000001.0000000000.tmp");
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { SnapshotsOnShutdown = false }))
            await store.AppendAsync(Up, (1000, 1));
        Assert.Empty(Snapshots());
    }

    [Theory]
    [InlineData("chunk_snapshot.000007.0000065536", true)]
    [InlineData("chunk_snapshot.1234567.12345678901", true)]
    [InlineData("chunk_snapshot.000007.0000065536.tmp", false)]
    [InlineData("chunk_snapshot.000007", false)]
    [InlineData("chunk_snapshot.-00007.0000065536", false)]
    [InlineData("chunk_snapshot.x.0", false)]
    [InlineData("checkpoint.000007.0000065536", false)]
    public void Names_are_those_of_the_reference(string name, bool isOne)
    {
        Assert.Equal(isOne, SnapshotPlace.TryParse(name, out SnapshotPlace place));
        if (isOne)
            Assert.Equal(name, place.Name);
    }

    // By upstream's encodeToSnapshotRecord and encodeTombstonesToSnapshotRecord (tsdb/head_wal.go), written out by hand.
    [Fact]
    public async Task Its_records_are_those_of_the_reference()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            using IAppender appender = store.OpenAppender();
            var batch = new AppendBatch();
            SeriesRef series = appender.Series(Labels.FromStrings("a", "b"));
            batch.Add(series, 1, 1.5);
            batch.Exemplars.Add((series, new Exemplar(Labels.FromStrings("t", "u"), 2, 1, true)));
            appender.Append(batch);
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        const string zeros = "0000000000000000";
        Assert.Equal(
            [
                "01" + "0000000000000001" + "01" + "0161" + "0162" + zeros + "01" + "0000000000000001" + "0000000000000001" + "01"
                    + "0b" + "0001" + "02" + "3ff8000000000000"
                    + string.Concat(Enumerable.Repeat(zeros, 7)) + "3ff8000000000000",
                "02" + "01" + "01",
                "03" + "0000000000000001" + "0000000000000001" + "00" + "00" + "4000000000000000" + "01" + "0174" + "0175",
            ],
            Records().Select(record => Convert.ToHexStringLower(record)));
    }

    // By upstream's tombstones.Encode: version, then reference, first and last time of each.
    [Fact]
    public async Task Deletions_come_back()
    {
        Matcher[] up = [new(Forethought.Model.MatchType.Equal, "job", Up["job"])];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (1, 1), (2, 2), (3, 3), (4, 4));
            await store.DeleteAsync(1, 1, up);
            await store.DeleteAsync(3, 3, up);
        }

        Assert.Contains("02" + "07" + "01" + "01" + "02" + "02" + "01" + "06" + "06", Records().Select(record => Convert.ToHexStringLower(record)));
        for (int start = 0; start < 2; start++)
        {
            await using TsdbStore store = await TsdbStore.OpenAsync(Options);
            Assert.Equal([(2, 2), (4, 4)], (await store.ReadAsync(0, 9000))[Up]);
        }
    }

    private static async Task<string> Kinds(TsdbStore store, Labels labels)
    {
        using IQuerier querier = store.OpenQuerier(long.MinValue, long.MaxValue);
        using ISeriesSet set = await querier.SelectAsync(
            new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue },
            [new Matcher(Forethought.Model.MatchType.Equal, "job", labels["job"])],
            TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        Assert.True(set.MoveNext());
        StoreModel.ReadSamples(set, batch);
        return string.Join(", ", Enumerable.Range(0, batch.Count).Select(row =>
            $"{batch.TimesMs[row]} {(batch.Histograms![row]!.IsStale ? "stale h" : $"h{batch.Histograms[row]!.Sum}")}"));
    }

    private async Task CheckFallsBack(MemoryFile file, byte[] whole)
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            var all = await store.ReadAsync(0, 9000);
            Assert.Equal([(1000, 1), (2000, 2)], all[Up]);
            Assert.Equal([(1000, 3)], all[Seconds]);
            AbandonLog();
        }

        file.Content = [.. whole];
    }

    // The next close finds no room for a snapshot.
    private void AbandonLog() => _disk.Fault = (_, operation) =>
        operation.Path.Contains("chunk_snapshot", StringComparison.Ordinal) ? new DiskFault() : null;

    private void BlankLog()
    {
        _disk.Fault = null;
        foreach (StorageEntry segment in _disk.Log.List())
            _disk.Log.File(segment.Name).Content = new byte[segment.Length];
    }

    private string[] Snapshots() =>
        [.. _disk.Root.List().Select(entry => entry.Name).Where(name => name.StartsWith("chunk_snapshot", StringComparison.Ordinal))];

    private MemoryFile Snapshot() => ((MemoryDirectory)_disk.Root.GetDirectory(Snapshots()[0])).File("00000000");

    private List<byte[]> Records()
    {
        var records = new List<byte[]>();
        using var reader = new WalReader(new WalRange(_disk.Root.GetDirectory(Snapshots()[0])));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
            records.Add(record.ToArray());
        return records;
    }

    private void Rewrite(string name, params byte[][] bytes)
    {
        _disk.Fault = null;
        _disk.Root.DeleteDirectory(name);
        var records = new RecordBuffer();
        foreach (byte[] record in bytes)
        {
            record.CopyTo(records.Reserve(record.Length));
            records.Advance(record.Length);
            records.End();
        }

        using var writer = new WalWriter(_disk.Root.GetDirectory(name), new WalOptions());
        Assert.True(writer.TryStage(records));
        writer.WriteStaged();
        writer.Close();
    }
}
