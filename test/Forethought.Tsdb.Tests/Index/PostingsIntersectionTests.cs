using Forethought.Tsdb.Index;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Index;

/// <summary>Intersections of lists whose blocks are of all kinds, against sets.</summary>
public sealed class PostingsIntersectionTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly EpochManager _epochs;
    private readonly SmallHeap _heap;
    private readonly PostingsWriter _writer;

    public PostingsIntersectionTests()
    {
        _epochs = new EpochManager(_allocator);
        _heap = new SmallHeap(_allocator, MemoryPurpose.Postings);
        _writer = new PostingsWriter(_heap, _epochs);
    }

    public void Dispose()
    {
        _epochs.Dispose();
        _heap.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void One_list_is_copied_whatever_its_blocks_are()
    {
        foreach (Func<int, IEnumerable<int>> shape in Shapes)
        {
            ulong[] references = References(shape, [0, 1, 5]);
            Assert.Equal(references, Intersect(references));
        }
    }

    [Fact]
    public void Two_lists_of_any_kinds_of_blocks_intersect_as_sets_do()
    {
        foreach (Func<int, IEnumerable<int>> left in Shapes)
        {
            foreach (Func<int, IEnumerable<int>> right in Shapes)
                Check(References(left, [0, 1, 5]), References(right, [1, 3, 5, 6]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_lists_intersect_as_sets_do(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            var lists = new ulong[random.Next(2, 6)][];
            for (int i = 0; i < lists.Length; i++)
            {
                int[] keys = [.. Enumerable.Range(0, 6).Where(_ => random.Next(4) > 0)];
                lists[i] = [.. keys.SelectMany(key => References(Shapes[random.Next(Shapes.Length)], [key]))];
            }

            Check(lists);
        }
    }

    /// <summary>The lists of a series that came late: many blocks, of which few are shared.</summary>
    [Fact]
    public void Blocks_that_one_list_lacks_are_skipped()
    {
        ulong[] all = [.. Enumerable.Range(0, 3_000).Select(block => ((ulong)block << 16) + 7)];
        ulong[] late = [.. Enumerable.Range(0, 3_000).Where(block => block % 997 == 3).Select(block => ((ulong)block << 16) + 7)];
        Check(all, late, all);
        Check(late, [all[^1]]);
        Check([all[0]], all);
        Check(all, []);
    }

    [Fact]
    public void What_was_collected_before_stays_in_front()
    {
        PostingsList list = Build([1, 2, 70_000]);
        List<ulong> references = [99];
        new PostingsIntersection([list]).CopyTo(references);
        Assert.Equal([99UL, 1, 2, 70_000], references);
        _writer.Free(list);
    }

    // One offset; few; the edges of words and blocks; arrays of less and more than a word each; runs; a bitmap; everything.
    private static Func<int, IEnumerable<int>>[] Shapes =>
    [
        seed => [(seed * 7 + 3) & 0xFFFF],
        seed => [0, 63, 64, 127, 128, 65_472 - seed, 65_535],
        seed => Enumerable.Range(0, 3_000).Select(i => i * 21 + seed),
        seed => Enumerable.Range(seed, 4_000).Where(i => i % 64 != 5),
        seed => Enumerable.Range(0, 300).SelectMany(i => Enumerable.Range(i * 200 + seed, 70)),
        seed => Enumerable.Range(0, 65_536).Where(i => (uint)((i + seed) * 0x9E3779B9u) >> 28 < 6),
        seed => Enumerable.Range(seed, 65_536 - 2 * seed),
        _ => Enumerable.Range(0, 65_536),
    ];

    private static ulong[] References(Func<int, IEnumerable<int>> shape, int[] keys) =>
        [.. keys.SelectMany(key => shape(key).Select(offset => ((ulong)key << 16) + (uint)offset))];

    private void Check(params ulong[][] lists)
    {
        IEnumerable<ulong> expected = lists[0];
        foreach (ulong[] other in lists[1..])
            expected = expected.Intersect(other);
        Assert.Equal(expected, Intersect(lists));
    }

    private List<ulong> Intersect(params ulong[][] lists)
    {
        List<PostingsList> built = [.. lists.Select(Build)];
        var references = new List<ulong>();
        new PostingsIntersection(built).CopyTo(references);
        foreach (PostingsList list in built)
            _writer.Free(list);
        return references;
    }

    private PostingsList Build(ulong[] references)
    {
        PostingsList list = default;
        foreach (ulong reference in references)
            _writer.Append(ref list, reference);
        return list;
    }
}
