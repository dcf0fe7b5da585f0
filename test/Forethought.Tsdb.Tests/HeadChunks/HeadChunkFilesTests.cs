using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.HeadChunks;

/// <summary>The format is that of upstream's <c>tsdb/docs/format/head_chunks.md</c>; files are put together here byte by byte.</summary>
public sealed class HeadChunkFilesTests
{
    private readonly MemoryDisk _disk = new();

    private IStorageDirectory Directory => _disk.Root.GetDirectory(HeadChunkFormat.DirectoryName);

    [Fact]
    public void A_file_is_laid_out_as_upstreams()
    {
        using (var files = new HeadChunkFiles(Directory))
        {
            Assert.Equal((1UL << 32) | 8, files.Append(7, -1000, 2000, ChunkEncoding.Xor, isOutOfOrder: false, [1, 2, 3]));
            Assert.Equal((1UL << 32) | (8 + 33), files.Append(8, 5, 6, ChunkEncoding.Histogram, isOutOfOrder: true, new byte[200]));
            files.Flush();
        }

        byte[] expected =
        [
            0x01, 0x30, 0xBC, 0x91, 1, 0, 0, 0,
            .. Entry(7, -1000, 2000, 1, [1, 2, 3]),
            .. Entry(8, 5, 6, 0x80 | 2, new byte[200]),
        ];
        Assert.Equal(expected, Content("000001"));
    }

    [Fact]
    public void Chunks_are_read_back_from_the_file_at_hand_and_after_a_restart()
    {
        byte[] buffer = [];
        ulong first, second;
        using (var files = new HeadChunkFiles(Directory))
        {
            first = files.Append(1, 0, 9, ChunkEncoding.Xor, isOutOfOrder: false, Noise(100, 1));
            second = files.Append(2, 0, 9, ChunkEncoding.Xor, isOutOfOrder: false, Noise(3000, 2));
            files.Flush();
            Assert.Equal(Noise(100, 1), files.Read(first, 100, ref buffer).ToArray());
        }

        using var again = new HeadChunkFiles(Directory);
        Assert.Equal(Noise(3000, 2), again.Read(second, 3000, ref buffer).ToArray());
        Assert.Equal(Noise(100, 1), again.Read(first, 100, ref buffer).ToArray());
    }

    [Fact]
    public void After_a_restart_chunks_go_to_a_new_file()
    {
        Write(1, 10);
        Write(2, 20);
        using var files = new HeadChunkFiles(Directory);
        Assert.Null(files.Scan(_ => { }));
        Assert.Equal(3, HeadChunkFormat.FileOf(files.Append(3, 0, 30, ChunkEncoding.Xor, isOutOfOrder: false, [1])));
    }

    [Fact]
    public void The_number_of_a_file_that_is_being_deleted_is_not_given_again()
    {
        using var files = new HeadChunkFiles(Directory);
        files.Append(1, 0, 10, ChunkEncoding.Xor, isOutOfOrder: false, [1]);
        files.Truncate(0)();
        files.Truncate(11)();
        Assert.Empty(Names());
        Assert.Equal(2, HeadChunkFormat.FileOf(files.Append(1, 20, 30, ChunkEncoding.Xor, isOutOfOrder: false, [1])));
    }

    [Fact]
    public void Attempts_on_a_full_disk_leave_no_files_and_the_next_one_with_room_leaves_no_gap()
    {
        using (var files = new HeadChunkFiles(Directory))
        {
            files.Append(1, 0, 10, ChunkEncoding.Xor, isOutOfOrder: false, [1]);
            files.Truncate(0);
            _disk.FreeBytes = 0;
            for (int i = 0; i < 3; i++)
            {
                files.Append(1, 20, 30, ChunkEncoding.Xor, isOutOfOrder: false, [1]);
                Assert.Throws<IOException>(files.Flush);
            }

            Assert.Equal(["000001"], Names());
            _disk.FreeBytes = long.MaxValue;
            files.Append(1, 20, 30, ChunkEncoding.Xor, isOutOfOrder: false, [1]);
        }

        using var again = new HeadChunkFiles(Directory);
        var found = new List<HeadChunkEntry>();
        Assert.Null(again.Scan(found.Add));
        Assert.Equal([10L, 30L], found.Select(entry => entry.MaxTimeMs));
    }

    [Fact]
    public void A_full_file_is_followed_by_another_one()
    {
        using var files = new HeadChunkFiles(Directory, maxFileBytes: 8 + 2 * HeadChunkFormat.EntryBytes(50));
        int[] numbers = [.. Enumerable.Range(1, 5)
            .Select(i => HeadChunkFormat.FileOf(files.Append((ulong)i, i, i, ChunkEncoding.Xor, isOutOfOrder: false, Noise(50, i))))];
        Assert.Equal([1, 1, 2, 2, 3], numbers);
        Assert.Equal(["000001", "000002", "000003"], Names());
    }

    [Fact]
    public void A_scan_tells_every_chunk_in_order()
    {
        Write(1, 10, 20);
        Write(2, 30);
        var found = new List<HeadChunkEntry>();
        using var files = new HeadChunkFiles(Directory);
        Assert.Null(files.Scan(found.Add));
        Assert.Equal([(1UL, 10L), (1UL, 20L), (2UL, 30L)], found.Select(entry => (entry.Series, entry.MaxTimeMs)));
        Assert.All(found, entry => Assert.Equal((ChunkEncoding.Xor, false, 5), (entry.Encoding, entry.IsOutOfOrder, entry.Length)));
    }

    [Fact]
    public void Zeros_behind_the_last_chunk_are_the_end_of_a_file()
    {
        foreach (int zeros in (int[])[1, 4, 24, 25, 40, 5000])
        {
            Directory.Create("000001").Write((byte[])[.. Header(), .. Entry(3, 1, 2, 1, [9]), .. new byte[zeros]], 0);
            var found = new List<HeadChunkEntry>();
            using var files = new HeadChunkFiles(Directory);
            Assert.Null(files.Scan(found.Add));
            Assert.Equal(3UL, Assert.Single(found).Series);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(4096)]
    public void A_last_file_that_was_only_created_is_removed_and_is_no_damage(int zeros)
    {
        Write(1, 10);
        Directory.Create("000002").Write(new byte[zeros], 0);
        var found = new List<HeadChunkEntry>();
        using var files = new HeadChunkFiles(Directory);
        Assert.Null(files.Scan(found.Add));
        Assert.Single(found);
        Assert.Equal(["000001"], Names());
    }

    [Fact]
    public void Damage_is_reported_with_its_place_and_the_file_and_all_behind_it_go()
    {
        Write(1, 10);
        Write(2, 20);
        Write(3, 30);
        byte[] content = Content("000002");
        content[8 + 30] ^= 1;
        Directory.Create("000002").Write(content, 0);
        var found = new List<HeadChunkEntry>();
        using var files = new HeadChunkFiles(Directory);
        TsdbCorruptionException damage = Assert.IsType<TsdbCorruptionException>(files.Scan(found.Add));
        Assert.EndsWith("000002", damage.File, StringComparison.Ordinal);
        Assert.Equal(8, damage.Offset);
        Assert.Contains("checksum", damage.Message, StringComparison.Ordinal);
        Assert.Equal(1UL, Assert.Single(found).Series);
        Assert.Equal(["000001"], Names());
        Assert.Equal(2, HeadChunkFormat.FileOf(files.Append(9, 0, 1, ChunkEncoding.Xor, isOutOfOrder: false, [1])));
    }

    [Fact]
    public void Files_behind_a_gap_go()
    {
        Write(1, 10);
        Write(2, 20);
        Write(3, 30);
        Directory.Delete("000002");
        var found = new List<HeadChunkEntry>();
        using var files = new HeadChunkFiles(Directory);
        Assert.NotNull(files.Scan(found.Add));
        Assert.Equal(1UL, Assert.Single(found).Series);
        Assert.Equal(["000001"], Names());
    }

    [Theory]
    [InlineData(0, 0xFF)]
    [InlineData(4, 2)]
    public void A_foreign_header_is_damage(int at, byte value)
    {
        byte[] content = [.. Header(), .. Entry(3, 1, 2, 1, [9])];
        content[at] = value;
        Directory.Create("000001").Write(content, 0);
        using var files = new HeadChunkFiles(Directory);
        Assert.Equal(at, Assert.IsType<TsdbCorruptionException>(files.Scan(_ => { })).Offset);
        Assert.Empty(Names());
    }

    [Fact]
    public void A_chunk_that_the_head_refuses_is_damage_of_its_file()
    {
        Write(1, 10);
        Write(2, 20);
        using var files = new HeadChunkFiles(Directory);
        var refusal = new TsdbCorruptionException("out of sequence", 0, "later", "earlier");
        Assert.Same(refusal, files.Scan(entry => throw refusal));
        Assert.Empty(Names());
    }

    [Fact]
    public void A_file_cut_or_changed_anywhere_yields_only_chunks_that_were_written()
    {
        Write(1, 10, 20, 30);
        byte[] whole = Content("000001");
        HeadChunkEntry[] written = Scan(whole, out _);
        for (int length = 0; length < whole.Length; length++)
            AssertPrefix(Scan(whole[..length], out _));
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x41;
            HeadChunkEntry[] found = Scan(changed, out TsdbCorruptionException? damage);
            AssertPrefix(found);

            // Three bytes of the header mean nothing.
            Assert.Equal(at is >= 5 and <= 7, damage is null);
        }

        void AssertPrefix(HeadChunkEntry[] found) => Assert.Equal(written.Take(found.Length), found);
    }

    [Fact]
    public void A_length_beyond_the_file_is_damage_and_allocates_nothing_of_that_size()
    {
        byte[] content = [.. Header(), .. new byte[25], 0xFF, 0xFF, 0xFF, 0x3F, 1, 2, 3, 4];
        content[8] = 1;
        Directory.Create("000001").Write(content, 0);
        using var files = new HeadChunkFiles(Directory);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotNull(files.Scan(_ => { }));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Reading_a_damaged_chunk_or_one_of_a_missing_file_throws()
    {
        byte[] buffer = [];
        ulong reference;
        using (var files = new HeadChunkFiles(Directory))
        {
            reference = files.Append(1, 0, 9, ChunkEncoding.Xor, isOutOfOrder: false, Noise(100, 1));
            files.Flush();
        }

        byte[] content = Content("000001");
        content[60] ^= 1;
        Directory.Create("000001").Write(content, 0);
        using var damaged = new HeadChunkFiles(Directory);
        Assert.Equal(8, Assert.Throws<TsdbCorruptionException>(() => damaged.Read(reference, 100, ref buffer)).Offset);
        Assert.Throws<TsdbCorruptionException>(() => damaged.Read(reference, 101, ref buffer));
        Assert.Throws<TsdbCorruptionException>(() => damaged.Read(HeadChunkFormat.Reference(2, 8), 100, ref buffer));
    }

    [Fact]
    public void Truncation_drops_old_files_once_their_readers_are_gone()
    {
        Write(1, 10);
        Write(2, 20);
        Write(3, 5);
        using var files = new HeadChunkFiles(Directory);
        files.Scan(_ => { });
        Action delete = files.Truncate(20);
        Assert.Equal(3, Names().Count);
        byte[] buffer = [];
        Assert.Equal(5, files.Read(HeadChunkFormat.Reference(1, 8), 5, ref buffer).Length);
        delete();

        // The third is older than asked for, but files go from the oldest on only: their numbers must not have gaps.
        Assert.Equal(["000002", "000003"], Names());
    }

    [Fact]
    public void Truncation_ends_the_current_file_so_that_it_can_go_later()
    {
        using var files = new HeadChunkFiles(Directory);
        files.Append(1, 0, 10, ChunkEncoding.Xor, isOutOfOrder: false, [1]);
        files.Truncate(50)();
        Assert.Equal(["000001"], Names());
        Assert.Equal(2, HeadChunkFormat.FileOf(files.Append(1, 11, 60, ChunkEncoding.Xor, isOutOfOrder: false, [1])));
        files.Truncate(50)();
        Assert.Equal(["000002"], Names());
    }

    [Fact]
    public void After_a_failed_write_earlier_chunks_are_there_and_later_ones_go_to_a_new_file()
    {
        byte[] buffer = [];
        using (var files = new HeadChunkFiles(Directory))
        {
            ulong kept = files.Append(1, 0, 10, ChunkEncoding.Xor, isOutOfOrder: false, Noise(100, 1));
            files.Flush();
            files.Append(2, 0, 10, ChunkEncoding.Xor, isOutOfOrder: false, Noise(100, 2));
            _disk.FreeBytes = 30;
            Assert.Throws<IOException>(files.Flush);
            _disk.FreeBytes = long.MaxValue;
            Assert.Equal(Noise(100, 1), files.Read(kept, 100, ref buffer).ToArray());
            Assert.Equal(2, HeadChunkFormat.FileOf(files.Append(3, 0, 10, ChunkEncoding.Xor, isOutOfOrder: false, [1])));
            files.Flush();
        }

        using var again = new HeadChunkFiles(Directory);
        var found = new List<HeadChunkEntry>();
        Assert.Null(again.Scan(found.Add));
        Assert.Equal([1UL, 3UL], found.Select(entry => entry.Series));
    }

    private static byte[] Header() => [0x01, 0x30, 0xBC, 0x91, 1, 0, 0, 0];

    private static byte[] Entry(ulong series, long minTimeMs, long maxTimeMs, byte encoding, byte[] data)
    {
        byte[] fixedPart = new byte[25];
        BinaryPrimitives.WriteUInt64BigEndian(fixedPart, series);
        BinaryPrimitives.WriteInt64BigEndian(fixedPart.AsSpan(8), minTimeMs);
        BinaryPrimitives.WriteInt64BigEndian(fixedPart.AsSpan(16), maxTimeMs);
        fixedPart[24] = encoding;
        byte[] length = data.Length < 128 ? [(byte)data.Length] : [(byte)(data.Length & 127 | 128), (byte)(data.Length >> 7)];
        byte[] entry = [.. fixedPart, .. length, .. data];
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32C.Compute(entry));
        return [.. entry, .. checksum];
    }

    private static byte[] Noise(int length, int seed)
    {
        byte[] noise = new byte[length];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    private static HeadChunkEntry[] Scan(byte[] content, out TsdbCorruptionException? damage)
    {
        var disk = new MemoryDisk();
        disk.Root.Create("000001").Write(content, 0);
        var found = new List<HeadChunkEntry>();
        using var files = new HeadChunkFiles(disk.Root);
        damage = files.Scan(found.Add);
        return [.. found];
    }

    private void Write(ulong series, params long[] maxTimes)
    {
        using var files = new HeadChunkFiles(Directory);
        foreach (long maxTime in maxTimes)
            files.Append(series, maxTime - 5, maxTime, ChunkEncoding.Xor, isOutOfOrder: false, Noise(5, (int)maxTime));
    }

    private byte[] Content(string name)
    {
        using IStorageFile file = Directory.Open(name, isWritable: false);
        byte[] content = new byte[file.Length];
        file.Read(content, 0);
        return content;
    }

    private List<string> Names() => [.. Directory.List().Select(entry => entry.Name).Order(StringComparer.Ordinal)];
}
