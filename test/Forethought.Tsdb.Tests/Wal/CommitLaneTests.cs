using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

public sealed class CommitLaneTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task What_was_acknowledged_is_in_the_file()
    {
        await using var lane = Open();
        byte[] record = WalFixture.Record(1, 100);
        await lane.CommitAsync(WalFixture.Commit(record));
        Assert.Equal([Convert.ToHexString(record)], WalFixture.ReadAll(_disk.Root).Records);
    }

    [Fact]
    public async Task Commits_of_many_appenders_are_all_there_each_in_its_order()
    {
        const int Appenders = 8;
        const int Commits = 200;
        await using (CommitLane lane = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, Appenders).Select(appender => Task.Run(async () =>
            {
                for (int i = 0; i < Commits; i++)
                    await lane.CommitAsync(WalFixture.Commit([2, (byte)appender, (byte)i], [2, (byte)appender, (byte)i]));
            })));
        }

        List<string> records = WalFixture.ReadAll(_disk.Root).Records;
        Assert.Equal(2 * Appenders * Commits, records.Count);
        for (int appender = 0; appender < Appenders; appender++)
        {
            byte[] order = [.. records.Select(Convert.FromHexString).Where(record => record[1] == appender).Select(record => record[2])];
            Assert.Equal(Enumerable.Range(0, 2 * Commits).Select(i => (byte)(i / 2)), order);
        }

        for (int i = 0; i < records.Count; i += 2)
            Assert.Equal(records[i], records[i + 1]);
    }

    [Fact]
    public async Task Commits_that_wait_together_share_a_write()
    {
        await using CommitLane lane = Open();
        using var isBlocked = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        bool isFirst = true;
        lane.Written += () =>
        {
            if (!isFirst)
                return;
            isFirst = false;
            isBlocked.Set();
            mayGoOn.Wait();
        };
        await lane.CommitAsync(WalFixture.Commit(WalFixture.Record(0, 10)));
        isBlocked.Wait();
        ValueTask[] commits = [.. Enumerable.Range(1, 50).Select(i => lane.CommitAsync(WalFixture.Commit(WalFixture.Record(i, 10))))];
        mayGoOn.Set();
        foreach (ValueTask commit in commits)
            await commit;
        Assert.Equal(2, lane.Statistics.PageFlushes);
        Assert.Equal(51, WalFixture.ReadAll(_disk.Root).Records.Count);
    }

    [Fact]
    public async Task A_failure_reaches_the_commit_and_the_lane_goes_on()
    {
        await using CommitLane lane = Open();
        await lane.CommitAsync(WalFixture.Commit(WalFixture.Record(1, 10)));
        _disk.FreeBytes = 20;
        await Assert.ThrowsAsync<IOException>(async () => await lane.CommitAsync(WalFixture.Commit(WalFixture.Record(2, 100))));
        _disk.FreeBytes = long.MaxValue;
        await lane.CommitAsync(WalFixture.Commit(WalFixture.Record(3, 10)));
        Assert.Equal(
            [Convert.ToHexString(WalFixture.Record(1, 10)), Convert.ToHexString(WalFixture.Record(3, 10))],
            WalFixture.ReadAll(_disk.Root).Records);
    }

    [Fact]
    public async Task A_failed_sync_is_told_and_can_be_repeated()
    {
        await using CommitLane lane = Open();
        await lane.CommitAsync(WalFixture.Commit(WalFixture.Record(1, 10)));
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Sync ? new DiskFault() : null;
        await Assert.ThrowsAsync<IOException>(async () => await lane.FlushAsync());
        _disk.Fault = null;
        await lane.FlushAsync();
        _disk.Restart(losesUnsynced: true);
        Assert.Single(WalFixture.ReadAll(_disk.Root).Records);
    }

    [Fact]
    public async Task Cutting_keeps_its_place_among_the_commits()
    {
        await using CommitLane lane = Open();
        ValueTask before = lane.CommitAsync(WalFixture.Commit(WalFixture.Record(1, 10)));
        ValueTask<int> cut = lane.CutSegmentAsync();
        ValueTask after = lane.CommitAsync(WalFixture.Commit(WalFixture.Record(2, 10)));
        await before;
        Assert.Equal(1, await cut);
        await after;
        Assert.Equal(WalFormat.PageSize, _disk.Root.File("00000000").Length);
        Assert.Equal(17, _disk.Root.File("00000001").Length);
    }

    [Fact]
    public async Task Closing_serves_what_was_asked_before_and_refuses_what_comes_after()
    {
        CommitLane lane = Open();
        ValueTask commit = lane.CommitAsync(WalFixture.Commit(WalFixture.Record(1, 10)));
        await lane.CloseAsync();
        await commit;
        await lane.CloseAsync();
        Assert.False(_disk.Root.File("00000000").IsOpen);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await lane.CommitAsync(WalFixture.Commit(WalFixture.Record(2, 10))));
    }

    [Fact]
    public async Task A_close_that_fails_is_told_and_closes_all_the_same()
    {
        CommitLane lane = Open();
        await lane.CommitAsync(WalFixture.Commit(WalFixture.Record(1, 10)));
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Sync ? new DiskFault() : null;
        await Assert.ThrowsAsync<IOException>(async () => await lane.CloseAsync());
        Assert.False(_disk.Root.File("00000000").IsOpen);
    }

    [Fact]
    public async Task A_commit_of_nothing_completes_without_a_write()
    {
        await using CommitLane lane = Open();
        await lane.CommitAsync(new RecordBuffer());
        Assert.DoesNotContain(_disk.Journal, operation => operation.Kind == DiskOperationKind.Write);
    }

    private CommitLane Open() => new(new WalWriter(_disk.Root, WalFixture.Options()));
}
