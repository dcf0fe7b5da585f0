using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Tests.Platform;
using Xunit;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Blocks;

public sealed class PostingsCacheTests
{
    private static readonly Ulid One = Ulid.Parse("01M7WFPX44NQG5SY67SS3R2PA8");
    private static readonly Ulid Two = Ulid.Parse("01M7WFPX44NQG5SY67SS3R2PA9");

    [Fact]
    public void Answers_belong_to_a_block_and_a_selector()
    {
        var cache = new PostingsCache();
        cache.Add(One, "a", [1, 2]);
        cache.Add(Two, "a", [3]);
        cache.Add(One, "b", []);
        Assert.Equal([1, 2], Get(cache, One, "a")!);
        Assert.Equal([3], Get(cache, Two, "a")!);
        Assert.Empty(Get(cache, One, "b")!);
        Assert.Null(Get(cache, Two, "b"));
        Assert.Equal((3, 1, 0), (cache.Hits, cache.Misses, cache.Evictions));
        cache.Forget(One);
        Assert.Null(Get(cache, One, "a"));
        Assert.Equal([3], Get(cache, Two, "a")!);
        cache.Forget(Two);
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void What_was_asked_for_longest_ago_makes_room()
    {
        var cache = new PostingsCache(maxBytes: 10_000);
        for (int i = 0; i < 8; i++)
            cache.Add(One, $"{i}", new uint[250]);
        Assert.Equal(0, cache.Evictions);
        Assert.NotNull(Get(cache, One, "0"));
        cache.Add(One, "8", new uint[250]);
        Assert.Equal(1, cache.Evictions);
        Assert.Null(Get(cache, One, "1"));
        Assert.NotNull(Get(cache, One, "0"));
        Assert.InRange(cache.Bytes, 8 * 1000, 10_000);
    }

    [Fact]
    public void Large_answers_are_not_kept()
    {
        var cache = new PostingsCache(maxBytes: 8000);
        cache.Add(One, "a", new uint[250]);
        Assert.Null(Get(cache, One, "a"));
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void Different_matchers_have_different_keys()
    {
        Matcher[][] selectors =
        [
            [],
            [new(MatchType.Equal, "a", "b")],
            [new(MatchType.NotEqual, "a", "b")],
            [new(MatchType.Equal, "ab", "")],
            [new(MatchType.Equal, "", "ab")],
            [new(MatchType.Equal, "a", "b"), new(MatchType.Equal, "a", "b")],
            [new(MatchType.Equal, "a", "b0:1:1:ab")],
            // Bytes that are not UTF-8 look alike as text.
            [new(MatchType.Equal, "a"u8, [0xff])],
            [new(MatchType.Equal, "a"u8, [0xfe])],
        ];
        Assert.Equal(selectors.Length, selectors.Select(PostingsCache.KeyOf).Distinct().Count());
        Assert.Equal(PostingsCache.KeyOf([new(MatchType.RegexMatch, "a", ".+")]), PostingsCache.KeyOf([new(MatchType.RegexMatch, "a", ".+")]));
    }

    [Fact]
    public async Task Threads_share_it_and_its_bytes_add_up()
    {
        var cache = new PostingsCache(maxBytes: 20_000);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (int i = 0; i < 5000; i++)
            {
                uint answer = (uint)random.Next(40);
                Ulid block = random.Next(2) == 0 ? One : Two;
                if (random.Next(200) == 0)
                    cache.Forget(block);
                else if (Get(cache, block, $"{answer}") is { } found)
                    Assert.Equal(Enumerable.Repeat(answer, (int)answer * 10), found);
                else
                    cache.Add(block, $"{answer}", [.. Enumerable.Repeat(answer, (int)answer * 10)]);
            }
        })));
        Assert.InRange(cache.Bytes, 0, 20_000);
        Assert.True(cache.Hits > 0 && cache.Evictions > 0);
        cache.Forget(One);
        cache.Forget(Two);
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public async Task A_costly_selection_is_remembered_until_its_block_goes()
    {
        var disk = new MemoryDisk();
        Write(disk, One, "a");
        Write(disk, Two, "b");
        var dropped = new HashSet<Ulid>();
        using var list = new BlockList(disk.Root, _ => dropped, warned: null);
        Matcher costly = new(MatchType.RegexMatch, "id", ".*7.*");
        for (int round = 0; round < 3; round++)
            Assert.Equal(2 * 62, await CountAsync(list, costly));
        Assert.Equal((4, 2), (list.Postings.Hits, list.Postings.Misses));

        // Cheap ones are not worth a place, or not even a look.
        Assert.Equal(2, await CountAsync(list, new Matcher(MatchType.RegexMatch, "id", "017|none")));
        Assert.Equal(350, await CountAsync(list, new Matcher(MatchType.Equal, "of", "a")));
        Assert.Equal((4, 4), (list.Postings.Hits, list.Postings.Misses));
        long bytes = list.Postings.Bytes;
        dropped.Add(One);
        list.Reload();
        Assert.Equal(62, await CountAsync(list, costly));
        Assert.Equal(bytes / 2, list.Postings.Bytes);
    }

    // 350 series.
    private static void Write(MemoryDisk disk, Ulid ulid, string of)
    {
        var series = new ChunkList();
        for (int i = 0; i < 350; i++)
            series.Add(Labels.FromStrings("id", $"{i:D3}", "of", of), ListedChunk.Of((i, i)));
        new BlockWriter(disk.Root).Write(series, new BlockMeta { Ulid = ulid, MaxTimeMs = 1000 });
    }

    private static async Task<int> CountAsync(BlockList list, Matcher matcher)
    {
        int count = 0;
        foreach (IQuerier querier in list.OpenQueriers(0, 1000))
        {
            using (querier)
            {
                using ISeriesSet set = await querier.SelectAsync(new SelectHints { StartMs = 0, EndMs = 1000 }, [matcher], default);
                while (set.MoveNext())
                    count++;
            }
        }

        return count;
    }

    private static uint[]? Get(PostingsCache cache, Ulid block, string selector) =>
        cache.TryGet(block, selector, out uint[] references) ? references : null;
}
