using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

/// <summary>Counts allocations of the whole process, because a commit crosses threads; so no other test may run beside it.</summary>
[Collection(nameof(AloneCollection))]
public sealed class CommitLaneAllocationTests
{
    [Fact]
    public async Task Commits_do_not_allocate_once_warm()
    {
        using var directory = new Testing.TemporaryDirectory();
        var files = new FileSystemDirectory(directory.Path);
        await using var lane = new CommitLane(new WalWriter(files, new WalOptions()));
        RecordBuffer commit = WalFixture.Commit(WalFixture.Record(1, 5000), new byte[4000]);
        async Task CommitMany(int count)
        {
            for (int i = 0; i < count; i++)
                await lane.CommitAsync(commit);
        }

        await CommitMany(500);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await CommitMany(2000);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        // The test's own state machine, and whatever the runner does meanwhile.
        Assert.InRange(allocated, 0, 2000 * 40);
    }
}
