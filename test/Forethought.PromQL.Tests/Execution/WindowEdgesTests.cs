using Forethought.PromQL.Execution;
using Xunit;

namespace Forethought.PromQL.Tests.Execution;

public sealed class WindowEdgesTests
{
    [Fact]
    public void Counts_the_samples_up_to_each_boundary()
    {
        int[] edges = new int[5];

        WindowEdges.Find([10, 20, 30, 40], 5, 10, edges);

        Assert.Equal([0, 1, 2, 3, 4], edges);
    }

    [Fact]
    public void A_sample_on_the_boundary_counts()
    {
        int[] edges = new int[3];

        WindowEdges.Find([10, 20, 30], 10, 10, edges);

        Assert.Equal([1, 2, 3], edges);
    }

    [Fact]
    public void No_samples_give_empty_windows()
    {
        int[] edges = [7, 7];

        WindowEdges.Find([], 0, 1, edges);

        Assert.Equal([0, 0], edges);
    }

    [Fact]
    public void Agrees_with_counting_whatever_the_gaps_and_steps()
    {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            long[] times = Times(random);
            long first = random.Next(-50, 400);
            long step = random.Next(0, 60);
            int[] edges = new int[random.Next(1, 40)];

            WindowEdges.Find(times, first, step, edges);

            for (int s = 0; s < edges.Length; s++)
                Assert.Equal(times.Count(time => time <= first + (s * step)), edges[s]);
        }
    }

    private static long[] Times(Random random)
    {
        var times = new List<long>();
        long time = random.Next(0, 100);
        int interval = random.Next(1, 20);
        for (int i = random.Next(0, 60); i > 0; i--)
        {
            times.Add(time);
            time += random.Next(10) == 0 ? random.Next(1, 200) : interval;
        }

        return [.. times];
    }
}
