using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

/// <summary>
/// The log on a disk that fails at every step of the same history. Whatever happens: what was acknowledged is there, in order,
/// nothing else is, and the directory opens again.
/// </summary>
public sealed class WalCrashTests
{
    private const int Commits = 24;

    // The records of each commit, one to three; every fifth commit is so large that the segments soon are full.
    private static readonly Dictionary<(int Commit, int Index), byte[]> Records = (
        from commit in Enumerable.Range(0, Commits)
        from index in Enumerable.Range(0, 1 + commit % 3)
        select (commit, index)).ToDictionary(
            place => place,
            place => WalFixture.Record(10 * place.commit + place.index, place.commit % 5 == 0 ? 17_000 : 60 + 211 * place.index));

    [Fact]
    public void Killed_at_any_operation_nothing_acknowledged_is_lost()
    {
        int operations = Run(new MemoryDisk()).Journal.Count;
        Assert.True(operations > 25, $"the history has only {operations} operations");
        for (int n = 0; n < operations; n++)
        {
            foreach (int bytes in new[] { 0, 1, 6, 7, 8, 200, int.MaxValue })
                Crash(n, bytes, losesUnsynced: false);
            Crash(n, 5, losesUnsynced: true);
        }
    }

    [Fact]
    public void Torn_at_every_byte_of_the_last_write_the_log_opens()
    {
        List<DiskOperation> journal = Run(new MemoryDisk()).Journal;
        int last = journal.FindLastIndex(operation => operation.Kind == DiskOperationKind.Write);
        for (int bytes = 0; bytes <= journal[last].Bytes; bytes++)
            Crash(last, bytes, losesUnsynced: false);
    }

    [Fact]
    public void A_failure_at_any_operation_loses_only_commits_that_were_told_so()
    {
        int operations = Run(new MemoryDisk()).Journal.Count;
        for (int n = 0; n < operations; n++)
        {
            for (int length = 1; length <= 4; length++)
                Fail(n, length);
        }
    }

    [Fact]
    public void A_disk_that_fills_up_at_any_byte_loses_only_commits_that_were_told_so()
    {
        for (long free = 0; free < 150_000; free += 397)
        {
            var disk = new MemoryDisk { FreeBytes = free };
            var history = new History();
            history.Run(disk);
            disk.Restart(losesUnsynced: false);
            AssertHolds(disk, history.Acknowledged, history.Acknowledged, $"{free} bytes free");
        }
    }

    private static void Fail(int n, int length)
    {
        var disk = new MemoryDisk { Fault = (number, _) => number >= n && number < n + length ? new DiskFault(BytesDone: 11) : null };
        var history = new History();
        history.Run(disk);
        disk.Restart(losesUnsynced: false);
        AssertHolds(disk, history.Acknowledged, history.Acknowledged, $"operations {n} to {n + length - 1} failed");
    }

    private static void Crash(int n, int bytes, bool losesUnsynced)
    {
        var disk = new MemoryDisk { Fault = (number, _) => number == n ? new DiskFault(bytes, Crashes: true) : null };
        var history = new History();
        history.Run(disk);
        Assert.True(disk.HasCrashed);
        disk.Restart(losesUnsynced);

        // Acknowledged means in the kernel's hands: a power loss may take what was not synced yet.
        AssertHolds(disk, losesUnsynced ? [] : history.Acknowledged, history.Attempted, $"crash at operation {n} after {bytes} bytes");
    }

    private static void AssertHolds(MemoryDisk disk, List<string> atLeast, List<string> atMost, string when)
    {
        (List<string> records, TsdbCorruptionException? damage) = ReadAll(disk);
        if (damage is not null)
        {
            Assert.True(damage.IsTornTail, $"{when}: {damage.Message}");
            WalRepair.Repair(disk.Root, damage);
            Assert.Null(ReadAll(disk).Damage);
            Assert.Equal(records, ReadAll(disk).Records);
        }

        Assert.True(records.Count >= atLeast.Count, $"{when}: {atLeast.Count - records.Count} acknowledged records are lost");
        Assert.Equal(atMost.Take(records.Count), records);
        Assert.True(records.Count <= atMost.Count, $"{when}: records out of nowhere");
        using var writer = new WalWriter(disk.Root, WalFixture.Options());
        WalFixture.Write(writer, WalFixture.Record(1000, 30));
        Assert.Equal(records.Append(WalFixture.Summary(WalFixture.Record(1000, 30))), ReadAll(disk).Records);
    }

    private static (List<string> Records, TsdbCorruptionException? Damage) ReadAll(MemoryDisk disk) =>
        WalFixture.ReadAll(disk.Root, WalFixture.Summary);

    private static MemoryDisk Run(MemoryDisk disk)
    {
        new History().Run(disk);
        return disk;
    }

    /// <summary>Commits of one to three records over several segments, some of them sharing a write.</summary>
    private sealed class History
    {
        public List<string> Attempted { get; } = [];

        public List<string> Acknowledged { get; } = [];

        public void Run(MemoryDisk disk)
        {
            WalWriter? writer = null;
            for (int attempt = 0; writer is null && attempt < 5 && !disk.HasCrashed; attempt++)
            {
                try
                {
                    writer = new WalWriter(disk.Root, WalFixture.Options());
                }
                catch (IOException)
                {
                    // The server would not start; the operator tries again.
                }
            }

            if (writer is null)
                return;
            using (writer)
            {
                for (int commit = 0; commit < Commits && !disk.HasCrashed; commit += 2)
                    RunGroup(writer, commit);
                Try(writer.Close);
            }
        }

        private void RunGroup(WalWriter writer, int commit)
        {
            var group = new List<string>();
            foreach (int number in new[] { commit, commit + 1 })
            {
                byte[][] records =
                [
                    .. Enumerable.Range(0, 1 + number % 3).Select(i => Records[(number, i)]),
                ];
                RecordBuffer buffer = WalFixture.Commit(records);
                bool isStaged = false;
                if (!Try(() => isStaged = writer.TryStage(buffer)))
                    continue;
                if (!isStaged)
                {
                    Write(writer, group);
                    if (!Try(() => writer.TryStage(buffer)))
                        continue;
                }

                group.AddRange(records.Select(WalFixture.Summary));
            }

            Write(writer, group);
        }

        private void Write(WalWriter writer, List<string> group)
        {
            Attempted.AddRange(group);
            if (Try(writer.WriteStaged))
                Acknowledged.AddRange(group);
            group.Clear();
        }

        private static bool Try(Action action)
        {
            try
            {
                action();
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }
}
