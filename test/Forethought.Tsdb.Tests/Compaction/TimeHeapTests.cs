using Forethought.Testing;
using Forethought.Tsdb.Compaction;
using Xunit;

namespace Forethought.Tsdb.Tests.Compaction;

public sealed class TimeHeapTests
{
    [Fact]
    public void The_earliest_leaves_first_and_of_those_the_one_that_ends_first()
    {
        Random random = Fuzz.Random(91);
        for (int round = 0; round < Fuzz.Rounds(200); round++)
        {
            var heap = new TimeHeap();
            var model = new List<(long Time, long End)>();
            for (int step = 0; step < 200; step++)
            {
                if (heap.Count > 0 && random.Next(3) == 0)
                {
                    (long, long) earliest = model.Order().First();
                    Assert.Equal(earliest.Item1, heap.TopMs);
                    int source = heap.Pop();
                    Assert.Equal(earliest, (source / 10, source % 10));
                    model.Remove(earliest);
                }
                else
                {
                    (int time, int end) = (random.Next(20), random.Next(10));
                    heap.Push(10 * time + end, time, end);
                    model.Add((time, end));
                }

                Assert.Equal(model.Count, heap.Count);
            }
        }
    }

    [Fact]
    public void Equal_times_leave_as_the_sifting_has_it()
    {
        // By hand: a and b arrive, then c; a leaves, c takes its place on top and stays, for b is not earlier.
        var heap = new TimeHeap();
        for (int source = 0; source < 3; source++)
            heap.Push(source, 5, 0);
        Assert.Equal([0, 2, 1], [heap.Pop(), heap.Pop(), heap.Pop()]);
    }
}
