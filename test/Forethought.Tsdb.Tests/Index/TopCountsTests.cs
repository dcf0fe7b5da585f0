using Forethought.Tsdb.Index;

namespace Forethought.Tsdb.Tests.Index;

public sealed class TopCountsTests
{
    [Fact]
    public void Keeps_the_highest_in_falling_order_and_equal_ones_by_name()
    {
        var random = new Random(41);
        NamedCount[] all = [.. Enumerable.Range(0, 500).Select(i => new NamedCount($"n{i:d3}", random.Next(2000)))];
        var top = new TopCounts(10);
        foreach (NamedCount entry in all)
            top.Add(entry.Name, entry.Count);
        Assert.Equal(all.OrderByDescending(e => e.Count).Take(10).Select(e => e.Count), top.Sorted().Select(e => e.Count));

        var few = new TopCounts(10);
        few.Add("b", 1);
        few.Add("a", 1);
        few.Add("c", 2);
        Assert.Equal([new NamedCount("c", 2), new NamedCount("a", 1), new NamedCount("b", 1)], few.Sorted());
    }

    [Fact]
    public void Tells_beforehand_what_it_would_drop()
    {
        var top = new TopCounts(2);
        top.Add("a", 5);
        top.Add("b", 7);
        Assert.False(top.Takes(5));
        Assert.True(top.Takes(6));
    }
}
