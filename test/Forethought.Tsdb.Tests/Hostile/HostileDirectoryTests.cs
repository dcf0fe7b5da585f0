using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Tests.Blocks;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>
/// A whole data directory in which one file is damaged or missing. The store opens, but for a damaged checkpoint, with which upstream
/// does not start either. What other files hold is answered, what is written is kept, a block that cannot be opened is counted and
/// reported, and the next start finds nothing new to repair.
/// </summary>
public sealed class HostileDirectoryTests
{
    [Theory]
    [InlineData(1, false, "", 100)]
    [InlineData(2, true, "", 100)]
    [InlineData(3, true, "chunk_snapshot.", 60)]
    [InlineData(4, true, "chunks_head/", 60)]
    [InlineData(5, true, "wal/0", 60)]
    [InlineData(6, true, "wbl/", 60)]
    public async Task A_store_with_a_damaged_file_opens_and_goes_on(int seed, bool isSealed, string prefix, int rounds)
    {
        Random random = Fuzz.Random(400 + seed);
        var files = new StoredFiles(await HostileStore.WriteAsync());
        AssertHasEverything(files);
        SortedDictionary<string, string> whole;
        await using (TsdbStore store = await HostileStore.OpenAsync(files.Restore("", null), []))
            whole = await HostileStore.ReadAsync(store, long.MinValue, HostileStore.EndMs);
        string[] paths = [.. files.Paths.Where(path => path.StartsWith(prefix, StringComparison.Ordinal))];
        for (int round = 0; round < Fuzz.Rounds(rounds); round++)
        {
            string path = paths[random.Next(paths.Length)];
            byte[]? damaged = Damage(random, files, path, isSealed);
            try
            {
                // That files of chunks are cut between two chunks cannot be seen.
                bool isExact = !isSealed && (damaged?.Length >= files[path].Length || !path.StartsWith("chunks_head/", StringComparison.Ordinal));
                await CheckAsync(files.Restore(path, damaged), path, whole, isExact);
            }
            catch (StorageException e) when (damaged is null && e.Message == "segments are not sequential")
            {
                // Upstream does not start without a part of its logs either.
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round} of seed {seed}, {path} ({damaged?.Length ?? -1} bytes): {e}");
            }
        }
    }

    private static void AssertHasEverything(StoredFiles files)
    {
        string[] kinds = ["/index", "/meta.json", "/tombstones", "/chunks/000001", "chunks_head/", "wal/0", "wal/checkpoint.", "wbl/", "chunk_snapshot."];
        foreach (string kind in kinds)
            Assert.Contains(files.Paths, path => path.Contains(kind, StringComparison.Ordinal));
    }

    // Missing, empty, of zeros, or mutated.
    private static byte[]? Damage(Random random, StoredFiles files, string path, bool isSealed)
    {
        switch (random.Next(12))
        {
            // That the newest file of chunks is missing cannot be seen; a snapshot takes for granted that it is there.
            case 0:
                return path.StartsWith("chunks_head/", StringComparison.Ordinal) ? [] : null;
            case 1:
                return [];
            case 2:
                return new byte[files[path].Length];
        }

        string[] others = [.. files.Paths.Where(other => Path.GetExtension(other) == Path.GetExtension(path) && files[other].Length > 0)];
        byte[] mutated = new Mutator(random, [files[path], files[path], files[path], files[others[random.Next(others.Length)]]]).Next();
        return isSealed ? Seal(path, mutated) : mutated;
    }

    private static byte[] Seal(string path, byte[] mutated) => path switch
    {
        _ when path.EndsWith("/index", StringComparison.Ordinal) => IndexChecksums.Seal(mutated),
        _ when path.EndsWith("/tombstones", StringComparison.Ordinal) => FileChecksums.SealTombstones(mutated),
        _ when path.Contains("/chunks/", StringComparison.Ordinal) => FileChecksums.SealChunkSegment(mutated),
        _ when path.StartsWith("chunks_head/", StringComparison.Ordinal) => FileChecksums.SealHeadChunks(mutated),
        _ when IsDescription(path) => mutated,
        _ => LogChecksums.Seal(mutated),
    };

    private static async Task CheckAsync(MemoryDisk disk, string path, SortedDictionary<string, string> whole, bool isExact)
    {
        var warnings = new List<string>();
        try
        {
            await using TsdbStore store = await HostileStore.OpenAsync(disk, warnings);
            CheckQuarantine(store, path, warnings);
            await CheckRestAsync(store, path, whole, isExact);
            await GoOnAsync(store, path, afterMs: 1);
        }
        catch (StorageException e) when (path.Contains("checkpoint.", StringComparison.Ordinal))
        {
            Assert.StartsWith("backfill checkpoint: ", e.Message, StringComparison.Ordinal);
            return;
        }

        await using (TsdbStore again = await HostileStore.OpenAsync(disk, warnings, HostileStore.LongMs))
        {
            Assert.Equal(0, again.WalCorruptions);
            Assert.Equal(0, again.Head.Counters.ChunkFileCorruptions);
            await GoOnAsync(again, path, HostileStore.LongMs);
        }

        await using TsdbStore last = await HostileStore.OpenAsync(disk, warnings, HostileStore.LongMs);
        await CheckFreshAsync(last, path, 1);
        await CheckFreshAsync(last, path, HostileStore.LongMs);
    }

    // Whoever changes what a block says about itself changes what the block stands for.
    private static bool IsDescription(string path) => path.EndsWith("/meta.json", StringComparison.Ordinal);

    private static bool IsOfBlock(string path) => Ulid.TryParse(path.Split('/')[0], out _);

    private static void CheckQuarantine(TsdbStore store, string path, List<string> warnings)
    {
        if (IsDescription(path))
            return;
        string name = path.Split('/')[0];
        bool isMissing = IsOfBlock(path) && store.GetBlocks().All(block => block.Ulid.ToString() != name);
        bool isReported = warnings.Any(warning => warning.StartsWith($"corrupted block {name} is left out: ", StringComparison.Ordinal));
        Assert.Equal(isMissing, isReported);
    }

    // Damage to a block is not felt outside its times. The log makes up for chunks and snapshots whose damage is noticed.
    private static async Task CheckRestAsync(TsdbStore store, string path, SortedDictionary<string, string> whole, bool isExact)
    {
        bool isOfHead = path.StartsWith("chunk", StringComparison.Ordinal);
        if (IsOfBlock(path) && !IsDescription(path))
        {
            SortedDictionary<string, string> head = await HostileStore.ReadAsync(store, HostileStore.HeadStartMs, HostileStore.EndMs);
            Assert.NotEmpty(head);
            Assert.All(head, series => Assert.EndsWith(series.Value, whole[series.Key]));
        }

        try
        {
            SortedDictionary<string, string> all = await HostileStore.ReadAsync(store, long.MinValue, HostileStore.EndMs);
            if (isOfHead && isExact)
                Assert.Equal(whole, all);
        }
        catch (StorageException) when (!(isOfHead && isExact))
        {
            // The damage is in what was asked for.
        }
    }

    private static async Task GoOnAsync(TsdbStore store, string path, long afterMs)
    {
        await HostileStore.AppendFreshAsync(store, afterMs);
        await CheckFreshAsync(store, path, afterMs);
        try
        {
            await store.MaintainAsync();
        }
        catch (StorageException)
        {
            // A damaged block is not merged, and a damaged chunk not written into a block.
        }

        await CheckFreshAsync(store, path, afterMs);
    }

    private static async Task CheckFreshAsync(TsdbStore store, string path, long afterMs)
    {
        long timeMs = HostileStore.EndMs + afterMs;
        if (!IsDescription(path))
            Assert.Single(await HostileStore.ReadAsync(store, timeMs, timeMs, "fresh"));
    }
}
