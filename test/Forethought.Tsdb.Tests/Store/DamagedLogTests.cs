using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Wal;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Stores opened on logs that were cut or whose records were changed behind intact checksums.</summary>
public sealed class DamagedLogTests
{
    private const string Segment = "00000000";

    // Later than any time that the damage is likely to make.
    private const long NewestMs = long.MaxValue - 7;

    private static readonly string[] Histories = ["fhfsHhc", "hsCcfHs", "ffffsf", "cfcfhsh"];

    [Fact]
    public async Task A_log_cut_at_any_byte_gives_the_samples_before_the_cut()
    {
        byte[] whole = (await WriteAsync()).Log.File(Segment).Content;

        // The last record may end in zeros, as the padding of its page does.
        int end = Math.Min(Array.FindLastIndex(whole, each => each != 0) + 32, whole.Length);
        string[] before = ["", "", "", ""];
        for (int cut = 0; cut <= end; cut++)
        {
            var disk = new MemoryDisk();
            disk.Log.Create(Segment).Dispose();
            disk.Log.File(Segment).Content = whole[..cut];
            await using TsdbStore store = await OpenAsync(disk);
            for (int job = 0; job < Histories.Length; job++)
            {
                string found = await store.ReadMixedAsync(LabelsOf(job));
                Assert.StartsWith(before[job], found);
                Assert.StartsWith(found, Expected(job));
                before[job] = found;
            }
        }

        Assert.Equal(Enumerable.Range(0, Histories.Length).Select(Expected), before);
    }

    /// <summary>
    /// Whatever a record says, the store opens, what it shows it shows again after a restart, what is written to it then is not lost, and
    /// neither is memory.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Records_with_changed_bytes_do_no_harm(int seed)
    {
        Random random = Fuzz.Random(seed);
        List<byte[]> records = Records(await WriteAsync());
        for (int round = 0; round < Fuzz.Rounds(120); round++)
        {
            var disk = new MemoryDisk();
            using (var writer = new WalWriter(disk.Log, WalFixture.Options()))
            {
                foreach (byte[] record in records)
                    WalFixture.Write(writer, random.Next(6) == 0 ? Mutate(random, record) : record);
                writer.Close();
            }

            string[] found;
            await using (TsdbStore store = await OpenAsync(disk))
            {
                found = await ReadAllAsync(store);
                await AppendToAllAsync(store);
            }

            await using TsdbStore reopened = await OpenAsync(disk);
            Assert.Equal(0, reopened.WalCorruptions);
            string[] again = await ReadAllAsync(reopened);
            foreach (string series in found)
                Assert.Contains(again, other => other.StartsWith(series, StringComparison.Ordinal));
            for (int job = 0; job < Histories.Length; job++)
            {
                string name = Convert.ToHexString(LabelsOf(job).Packed);
                string series = Assert.Single(again, series => series.StartsWith(name + ":", StringComparison.Ordinal));
                Assert.EndsWith(Describe(NewestMs, SampleKind.Float, 7), series);
            }
        }
    }

    /// <summary>The store must not take for logged what the repair of the log cuts away again.</summary>
    [Fact]
    public async Task Series_of_a_record_that_is_damaged_further_on_are_logged_again_when_samples_come()
    {
        var disk = new MemoryDisk();
        var records = new RecordBuffer();
        records.Begin(WalRecordType.Series);
        SeriesRecord.Write(records, new SeriesRef(1), LabelsOf(0).Packed);
        records.WriteUInt64(2);
        records.End();
        using (var writer = new WalWriter(disk.Log, WalFixture.Options()))
        {
            WalFixture.Write(writer, records[0].ToArray());
            writer.Close();
        }

        await using (TsdbStore store = await OpenAsync(disk))
        {
            Assert.Equal(1, store.WalCorruptions);
            await AppendToAllAsync(store);
        }

        await using TsdbStore reopened = await OpenAsync(disk);
        Assert.Equal($"{NewestMs} f7", await reopened.ReadMixedAsync(LabelsOf(0)));
    }

    /// <summary>A log that names a series' label twice, or two series by one reference, must not overfill the postings.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Postings_hold_each_series_once_whatever_the_log_says(bool repeatsLabels, int corruptions)
    {
        const int Count = 66_000;
        var disk = new MemoryDisk();
        var records = new RecordBuffer();
        using (var writer = new WalWriter(disk.Log, new WalOptions()))
        {
            records.Begin(WalRecordType.Series);
            for (ulong i = 1; i <= Count; i++)
            {
                byte[] own = [1, (byte)'i', 4, (byte)i, (byte)(i >> 8), (byte)(i >> 16), 0];
                byte[] repeated = [1, (byte)'j', 1, (byte)'1'];
                SeriesRecord.Write(records, new SeriesRef(repeatsLabels ? i : 5), [.. own, .. repeated, .. repeated]);
            }

            records.End();
            SampleRecords.Encode(
                records, [.. Enumerable.Range(1, Count).Select(i => new SeriesRef((ulong)i))], new long[Count], new double[Count]);
            WalFixture.Write(writer, records[0].ToArray(), records[1].ToArray());
            writer.Close();
        }

        await using TsdbStore store = await OpenAsync(disk);
        Assert.Equal(corruptions, store.WalCorruptions);
        await AppendToAllAsync(store);
        Assert.Equal((repeatsLabels ? Count : 0) + Histories.Length, (await ReadAllAsync(store)).Length);
    }

    private static Labels LabelsOf(int job) => Labels.FromStrings("__name__", "mixed", "job", $"j{job}");

    private static string Expected(int job) =>
        MixedSamples.Describe(Histories[job].Select((letter, i) => (1000L * (i + 1), letter, i + 1)));

    private static Task<TsdbStore> OpenAsync(MemoryDisk disk) =>
        TsdbStore.OpenAsync(new TsdbOptions { DataDirectory = disk.Root, WalCompression = WalCompression.None, Retention = RetentionLimits.None });

    // All histories side by side, two rows of each a transaction.
    private static async Task<MemoryDisk> WriteAsync()
    {
        var disk = new MemoryDisk();
        await using TsdbStore store = await OpenAsync(disk);
        for (int first = 0; first < 7; first += 2)
        {
            using IAppender appender = store.OpenAppender();
            var batch = new AppendBatch();
            for (int job = 0; job < Histories.Length; job++)
            {
                for (int i = first; i < Math.Min(first + 2, Histories[job].Length); i++)
                    batch.AddMixed(appender.Series(LabelsOf(job)), 1000L * (i + 1), Histories[job][i], i + 1);
            }

            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        return disk;
    }

    private static async Task AppendToAllAsync(TsdbStore store)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        for (int job = 0; job < Histories.Length; job++)
            batch.AddMixed(appender.Series(LabelsOf(job)), NewestMs, 'f', 7);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private static List<byte[]> Records(MemoryDisk disk)
    {
        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(disk.Log);
        Assert.Null(damage);
        return [.. records.Select(Convert.FromHexString)];
    }

    private static byte[] Mutate(Random random, byte[] record)
    {
        byte[] changed = [.. record];
        for (int i = random.Next(1, 4); i > 0; i--)
            changed[random.Next(changed.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
        return random.Next(4) == 0 ? changed[..random.Next(1, changed.Length)] : changed;
    }

    private static string Describe(long timeMs, SampleKind kind, double value) => $"{timeMs} {kind} {BitConverter.DoubleToInt64Bits(value):x}";

    // Everything there is, by labels, in bits.
    private static async Task<string[]> ReadAllAsync(TsdbStore store)
    {
        using IQuerier querier = store.OpenQuerier(long.MinValue, long.MaxValue);
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue };
        Matcher[] matchers = [new Matcher(Forethought.Model.MatchType.NotEqual, "none", "x")];
        using ISeriesSet set = await querier.SelectAsync(hints, matchers, TestContext.Current.CancellationToken);
        var all = new SortedSet<string>(StringComparer.Ordinal);
        var batch = new SampleBatch();
        while (set.MoveNext())
        {
            StoreModel.ReadSamples(set, batch);
            var samples = Enumerable.Range(0, batch.Count)
                .Select(row => Describe(batch.TimesMs[row], batch.Kinds[row], batch.Values[row]));
            all.Add($"{Convert.ToHexString(set.PackedLabels)}: {string.Join(", ", samples)}");
        }

        return [.. all];
    }
}
