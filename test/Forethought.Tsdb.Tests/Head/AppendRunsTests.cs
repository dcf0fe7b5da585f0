using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Tests.Head;

public sealed class AppendRunsTests
{
    private readonly AppendRuns _runs = new();

    [Fact]
    public void Counts_the_samples_newer_than_a_bound()
    {
        int head = _runs.Push(_runs.Push(_runs.Push(0, 3, 2), 5, 1), 9, 4);
        Assert.Equal(7, _runs.SamplesNewerThan(head, 2));
        Assert.Equal(5, _runs.SamplesNewerThan(head, 3));
        Assert.Equal(4, _runs.SamplesNewerThan(head, 8));
        Assert.Equal(0, _runs.SamplesNewerThan(head, 9));
        Assert.Equal(0, _runs.SamplesNewerThan(0, 0));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(8, 1)]
    [InlineData(9, 0)]
    public void Pruning_drops_what_every_reader_may_see(long watermark, int left)
    {
        int head = _runs.Push(_runs.Push(_runs.Push(0, 3, 2), 5, 1), 9, 4);
        head = _runs.Prune(head, watermark);
        Assert.Equal(left, _runs.Count);
        Assert.Equal(left == 0, head == 0);
        Assert.Equal(0, _runs.Prune(0, watermark));
    }

    [Fact]
    public void Places_are_used_again()
    {
        int head = 0;
        for (int i = 1; i < 1000; i++)
        {
            head = _runs.Push(head, i, 1);
            if (i % 10 == 0)
                head = _runs.Prune(head, i - 3);
        }

        Assert.InRange(head, 1, 16);
        _runs.Free(head);
        Assert.Equal(0, _runs.Count);
    }
}
