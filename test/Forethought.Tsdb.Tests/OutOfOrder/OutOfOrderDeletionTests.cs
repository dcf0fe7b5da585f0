using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.OutOfOrder;

/// <summary>
/// Deleted late samples are gone at once, after a restart, and from the blocks that are written later; what comes late after a deletion is
/// new. Upstream hides both until they are compacted, and shows both from then on.
/// </summary>
public sealed class OutOfOrderDeletionTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Late = Labels.FromStrings("__name__", "late", "job", "b");

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        MaxBlockDuration = TimeSpan.FromHours(2),
        OutOfOrderTimeWindow = TimeSpan.FromHours(12),
        Warned = _warnings.Add,
    };

    [Fact]
    public async Task They_are_gone_at_once_after_a_restart_and_from_the_block()
    {
        (long TimeMs, double)[] late = Samples(3 * Hour, 5 * Hour);
        (long TimeMs, double)[] left = [.. late.Where(sample => sample.TimeMs is < 200 * Minute or > 250 * Minute)];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, Samples(12 * Hour, 13 * Hour));
            await store.AppendAsync(Late, late);
            await store.DeleteAsync(200 * Minute, 250 * Minute, [Is("late")]);
            Assert.Equal(left, (await store.ReadAsync(0, long.MaxValue))[Late]);
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal(left, (await reopened.ReadAsync(0, long.MaxValue))[Late]);
        await reopened.AppendAsync(Up, Samples(13 * Hour, 16 * Hour));
        await reopened.MaintainAsync();
        Assert.False(reopened.Head.OutOfOrder.Overlaps(long.MinValue, long.MaxValue));
        Assert.Equal(left, (await reopened.ReadAsync(0, long.MaxValue))[Late]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task What_comes_late_after_a_deletion_is_new_even_of_the_same_times()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (12 * Hour, 1), (12 * Hour + 1, 2), (12 * Hour + 2, 3));
            await store.AppendAsync(Up, (11 * Hour, 4), (11 * Hour + 2, 5));
            await store.DeleteAsync(11 * Hour, 12 * Hour + 1, [Is("up")]);
            Assert.Equal([(12 * Hour + 2, 3.0)], (await store.ReadAsync(0, long.MaxValue))[Up]);
            await store.AppendAsync(Up, (11 * Hour, 6), (11 * Hour + 1, 7), (12 * Hour, 8));
            await CheckAsync(store);
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        await CheckAsync(reopened);
        await reopened.AppendAsync(Up, (16 * Hour, 9));
        await reopened.MaintainAsync();
        await CheckAsync(reopened);

        static async Task CheckAsync(TsdbStore store) => Assert.Equal(
            [(11 * Hour, 6.0), (11 * Hour + 1, 7), (12 * Hour, 8), (12 * Hour + 2, 3)],
            (await store.ReadAsync(0, 15 * Hour))[Up]);
    }

    [Fact]
    public async Task A_series_that_has_late_samples_only_is_collected_once_they_are_deleted()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (12 * Hour, 1));
        await store.AppendAsync(Late, Samples(3 * Hour, 5 * Hour));
        await store.DeleteAsync(long.MinValue, long.MaxValue, [Is("late")]);
        Assert.Equal([Up], (await store.ReadAsync(0, long.MaxValue)).Keys);
        for (int i = 0; i < 3; i++)
            await store.TruncateHeadAsync(11 * Hour);
        Assert.Equal(1, store.GetStatistics().Series);
    }

    // The write-ahead log has late samples for those who read it, and replay takes the first ones of a series for samples in order.
    [Fact]
    public async Task Both_logs_name_the_times_that_were_there()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (12 * Hour, 1));
            await store.AppendAsync(Late, (3 * Hour, 1), (4 * Hour, 2), (5 * Hour, 3));
            await store.DeleteAsync(long.MinValue, 4 * Hour, [Is("late")]);
        }

        string[] expected = [$"2:{3 * Hour}-{3 * Hour} 2:{4 * Hour}-{4 * Hour}"];
        Assert.Equal(expected, LoggedDeletions("wal"));
        Assert.Equal(expected, LoggedDeletions("wbl"));
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(5 * Hour, 3.0)], (await reopened.ReadAsync(0, long.MaxValue))[Late]);
    }

    [Fact]
    public async Task Those_that_a_failed_compaction_left_behind_are_deleted_too()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (12 * Hour, 1));
        await store.AppendAsync(Late, (3 * Hour, 1), (4 * Hour, 2));
        store.Head.OutOfOrder.Freeze();
        await store.AppendAsync(Late, (3 * Hour + 1, 3), (4 * Hour + 1, 4));
        await store.DeleteAsync(3 * Hour, 3 * Hour + 1, [Is("late")]);
        Assert.Equal([(4 * Hour, 2.0), (4 * Hour + 1, 4)], (await store.ReadAsync(0, long.MaxValue))[Late]);
    }

    [Theory]
    [InlineData("wal")]
    [InlineData("wbl")]
    public async Task Nothing_is_deleted_if_one_of_the_logs_cannot_be_written(string log)
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (12 * Hour, 1));
        await store.AppendAsync(Late, (3 * Hour, 1), (12 * Hour, 2));
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Write && operation.Path.Contains(log, StringComparison.Ordinal) ? new DiskFault() : null;
        await Assert.ThrowsAsync<IOException>(() => store.DeleteAsync(long.MinValue, long.MaxValue, [Is("late")]));
        _disk.Fault = null;
        Assert.Equal([(3 * Hour, 1.0), (12 * Hour, 2)], (await store.ReadAsync(0, long.MaxValue))[Late]);
        await store.DeleteAsync(long.MinValue, long.MaxValue, [Is("late")]);
        Assert.Equal([Up], (await store.ReadAsync(0, long.MaxValue)).Keys);
    }

    private static Matcher Is(string name) => new(Forethought.Model.MatchType.Equal, "__name__", name);

    private static (long TimeMs, double Value)[] Samples(long fromMs, long toMs) =>
        [.. Enumerable.Range(0, (int)((toMs - fromMs) / Minute)).Select(i => (fromMs + i * Minute, (double)(fromMs / Minute + i)))];

    private List<string> LoggedDeletions(string log)
    {
        var logged = new List<string>();
        using var reader = new WalReader(new WalRange(_disk.Root.GetDirectory(log), 0));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            if (WalRecord.TypeOf(record) != WalRecordType.Tombstones)
                continue;
            var stones = new List<string>();
            for (var stone = new TombstoneRecord(record); stone.MoveNext();)
                stones.Add($"{stone.Series.Value}:{stone.MinTimeMs}-{stone.MaxTimeMs}");
            logged.Add(string.Join(' ', stones));
        }

        return logged;
    }
}
