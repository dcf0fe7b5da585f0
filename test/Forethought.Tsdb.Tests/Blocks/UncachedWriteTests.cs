using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>Chunks of new blocks that are to stay out of the operating system's cache.</summary>
public sealed class UncachedWriteTests
{
    private const int ChunkBytes = 1 << 20;

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void What_was_written_is_synced_and_dropped_every_8_MiB_and_at_the_end_of_a_file()
    {
        Write(chunks: 27, segmentBytes: 20 << 20, isUncached: true);
        Assert.All(_disk.Dropped, dropped => Assert.True(dropped.Bytes > 0));
        var files = _disk.Dropped.GroupBy(dropped => dropped.Path).Select(file => file.Select(dropped => dropped.Bytes / ChunkBytes)).ToArray();
        Assert.Equal([8, 16, 19], files[0]);
        Assert.Equal([8, 8], files[1]);
    }

    [Fact]
    public void Nothing_is_dropped_otherwise()
    {
        Write(chunks: 9, segmentBytes: 20 << 20, isUncached: false);
        Assert.Empty(_disk.Dropped);
    }

    [Fact]
    public void A_file_of_the_file_system_can_still_be_read()
    {
        using var directory = new TemporaryDirectory();
        using IStorageFile file = new FileSystemDirectory(directory.Path).Create("a");
        file.Write("content"u8, 0);
        file.Sync();
        file.DropCached();
        byte[] read = new byte[7];
        Assert.Equal(7, file.Read(read, 0));
        Assert.Equal("content"u8, read);
    }

    private void Write(int chunks, long segmentBytes, bool isUncached)
    {
        using var writer = new ChunkSegmentWriter(_disk.Root, segmentBytes, isUncached);
        byte[] bytes = new byte[ChunkBytes];
        for (int i = 0; i < chunks; i++)
        {
            writer.BeginSeries();
            writer.Write(new SourceChunk(i, i, ChunkEncoding.Xor, bytes));
        }

        writer.Finish();
    }
}
