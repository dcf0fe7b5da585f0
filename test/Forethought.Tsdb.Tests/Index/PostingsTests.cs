using Forethought.Tsdb.Index;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Index;

public sealed class PostingsTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly EpochManager _epochs;
    private readonly SmallHeap _heap;
    private readonly PostingsWriter _writer;

    public PostingsTests()
    {
        _epochs = new EpochManager(_allocator);
        _heap = new SmallHeap(_allocator, MemoryPurpose.Postings);
        _writer = new PostingsWriter(_heap, _epochs);
    }

    public static TheoryData<string, ulong[]> Shapes()
    {
        var random = new Random(5);
        return new TheoryData<string, ulong[]>
        {
            { "one", [123_456_789_012] },
            { "two in one block", [5, 6] },
            { "two in distant blocks", [5, 1UL << 39] },
            { "a run over three blocks", [.. Enumerable.Range(60_000, 140_000).Select(i => (ulong)i)] },
            { "sparse", [.. Enumerable.Range(1, 9_000).Select(i => (ulong)i * 77)] },
            { "dense with holes", [.. Enumerable.Range(1, 200_000).Where(i => i % 7 != 3).Select(i => (ulong)i)] },
            { "random", [.. Enumerable.Range(1, 300_000).Where(_ => random.Next(100) < 12).Select(i => (ulong)i)] },
            { "block edges", [65_535, 65_536, 131_071, 131_072, 196_608] },
        };
    }

    public void Dispose()
    {
        _epochs.Dispose();
        _heap.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_list_walks_in_the_order_of_appending(string shape, ulong[] references)
    {
        Assert.NotEmpty(shape);
        PostingsList list = Build(references);
        Assert.Equal(references.Length, list.Count);
        Assert.Equal(references, Walk(list));
        _writer.Free(list);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Looking_up_agrees_with_the_references(string shape, ulong[] references)
    {
        Assert.NotEmpty(shape);
        PostingsList list = Build(references);
        var cursor = new PostingsCursor(list);
        var expected = new HashSet<ulong>(references);
        foreach (ulong reference in references.SelectMany(r => new[] { r - 1, r, r + 1, r + 40 }).Distinct().Order())
        {
            bool isInBlock = cursor.SeekBlock(reference >> 16) && cursor.Block.Key == reference >> 16 && cursor.BlockContains((ushort)reference);
            Assert.Equal(expected.Contains(reference), isInBlock);
        }

        _writer.Free(list);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_union_holds_the_references_of_both_lists(string shape, ulong[] references)
    {
        Assert.NotEmpty(shape);
        ulong[] others = [.. references.Where(r => r % 3 == 0).Select(r => r + 1).Append(2UL).Distinct().Order()];
        PostingsList left = Build(references), right = Build(others);
        var union = new ReferenceBitmap();
        union.Add(left);
        union.Add(right);
        var copied = new List<ulong>();
        union.CopyTo(copied);
        ulong[] expected = [.. references.Union(others).Order()];
        Assert.Equal(expected, copied);
        Assert.All(expected, reference => Assert.True(union.Contains(reference)));
        Assert.Equal(expected.Contains(references[^1] + 2), union.Contains(references[^1] + 2));
        _writer.Free(left);
        _writer.Free(right);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rewriting_drops_what_is_dead_and_leaves_snapshots_alone(string shape, ulong[] references)
    {
        Assert.NotEmpty(shape);
        PostingsList list = Build(references);
        EpochPin pin = _epochs.Pin();
        PostingsList snapshot = list;
        _writer.Rewrite(ref list, reference => reference % 5 != 0);
        Assert.Equal(references.Where(reference => reference % 5 != 0), Walk(list));
        Assert.Equal(references, Walk(snapshot));
        _epochs.Unpin(pin);
        _writer.Append(ref list, references[^1] + 1);
        Assert.Equal(references[^1] + 1, Walk(list)[^1]);
        _writer.Free(list);
    }

    [Fact]
    public void A_snapshot_does_not_change_while_the_list_grows()
    {
        PostingsList list = default;
        EpochPin pin = _epochs.Pin();
        var snapshots = new List<PostingsList>();
        for (ulong reference = 1; reference <= 70_000; reference++)
        {
            _writer.Append(ref list, reference);
            if (reference < 40 || reference % 6_500 == 0)
                snapshots.Add(list);
        }

        foreach (PostingsList snapshot in snapshots)
            Assert.Equal(Enumerable.Range(1, snapshot.Count).Select(i => (ulong)i), Walk(snapshot));
        _epochs.Unpin(pin);
        _writer.Free(list);
    }

    [Fact]
    public void A_consecutive_block_is_stored_as_one_run()
    {
        PostingsList list = Build([.. Enumerable.Range(0, 65_537).Select(i => (ulong)i)]);
        unsafe
        {
            Assert.Equal(PostingsBlockKind.Runs, list.Sealed[0].Kind);
            Assert.Equal(4, list.Sealed[0].DataBytes);
        }

        _writer.Free(list);
    }

    [Fact]
    public void An_empty_list_holds_nothing()
    {
        var cursor = new PostingsCursor(default);
        Assert.False(cursor.SeekBlock(0));
        Assert.False(cursor.SeekBlock(1));
        Assert.False(new PostingsCursor(default).MoveNext());
    }

    [Fact]
    public void Seeking_stops_at_the_first_block_that_is_not_before()
    {
        ulong[] keys = [1, 2, 3, 7, 20, 21, 40, 1UL << 39];
        PostingsList list = Build([.. keys.Select(key => (key << 16) + 5)]);
        for (int start = 0; start < keys.Length; start++)
        {
            for (ulong key = 0; key < 43; key++)
            {
                var cursor = new PostingsCursor(list);
                Assert.True(cursor.SeekBlock(keys[start]));
                Assert.True(cursor.SeekBlock(key));
                Assert.Equal(keys.First(other => other >= Math.Max(key, keys[start])), cursor.Block.Key);
                Assert.True(cursor.NextInBlock());
                Assert.Equal((cursor.Block.Key << 16) + 5, cursor.Current);
            }
        }

        var past = new PostingsCursor(list);
        Assert.False(past.SeekBlock((1UL << 39) + 1));
        Assert.False(past.SeekBlock(0));
        Assert.False(past.MoveNext());
        _writer.Free(list);
    }

    private static List<ulong> Walk(PostingsList list)
    {
        var walked = new List<ulong>();
        var cursor = new PostingsCursor(list);
        while (cursor.MoveNext())
            walked.Add(cursor.Current);
        return walked;
    }

    private PostingsList Build(ulong[] references)
    {
        PostingsList list = default;
        foreach (ulong reference in references)
            _writer.Append(ref list, reference);
        return list;
    }
}
