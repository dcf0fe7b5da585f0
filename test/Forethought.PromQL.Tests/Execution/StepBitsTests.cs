using System.Runtime.Intrinsics;
using Forethought.PromQL.Execution;
using Xunit;

namespace Forethought.PromQL.Tests.Execution;

public sealed class StepBitsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    public void Sets_the_first_steps_and_no_other(int steps)
    {
        ulong[] bits = [ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];

        StepBits.SetFirst(bits, steps);

        Assert.Equal(steps, StepBits.Count(bits));
        Assert.Equal(Enumerable.Range(0, steps), Walk(bits));
    }

    [Fact]
    public void Walks_the_steps_that_were_set_in_order()
    {
        var random = new Random(2);
        for (int round = 0; round < 200; round++)
        {
            ulong[] bits = new ulong[4];
            var expected = new SortedSet<int>();
            for (int i = random.Next(100); i > 0; i--)
            {
                int step = random.Next(256);
                StepBits.Set(bits, step);
                expected.Add(step);
            }

            Assert.Equal(expected, Walk(bits));
            Assert.Equal(expected.Count == 0, StepBits.IsEmpty(bits));
            Assert.All(Enumerable.Range(0, 256), step => Assert.Equal(expected.Contains(step), StepBits.Has(bits, step)));
        }
    }

    [Fact]
    public void Lanes_are_all_ones_where_the_bit_is_set()
    {
        for (int eight = 0; eight < 256; eight++)
        {
            Vector512<long> lanes = StepBits.LanesOf((byte)eight).AsInt64();
            for (int lane = 0; lane < 8; lane++)
                Assert.Equal((eight >> lane & 1) == 1 ? -1 : 0, lanes[lane]);
        }
    }

    private static List<int> Walk(ulong[] bits)
    {
        var steps = new List<int>();
        foreach (int step in StepBits.Walk(bits))
            steps.Add(step);
        return steps;
    }
}
