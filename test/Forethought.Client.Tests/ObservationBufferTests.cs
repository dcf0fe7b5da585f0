namespace Forethought.Client.Tests;

public sealed class ObservationBufferTests
{
    [Fact]
    public void Takes_values_up_to_its_capacity()
    {
        var buffer = new ObservationBuffer(3);
        buffer.Open();
        Assert.True(buffer.TryAdd(1, out bool filled));
        Assert.False(filled);
        Assert.True(buffer.TryAdd(2, out _));
        Assert.True(buffer.TryAdd(3, out filled));
        Assert.True(filled);
        Assert.False(buffer.TryAdd(4, out _));
        Assert.Equal([1, 2, 3], buffer.Seal().ToArray());
    }

    [Fact]
    public void Refuses_values_before_it_is_opened_and_after_it_is_sealed()
    {
        var buffer = new ObservationBuffer(2);
        Assert.False(buffer.TryAdd(1, out _));
        buffer.Open();
        Assert.True(buffer.TryAdd(2, out _));
        Assert.Equal([2], buffer.Seal().ToArray());
        Assert.False(buffer.TryAdd(3, out _));
        buffer.Open();
        Assert.True(buffer.TryAdd(4, out _));
        Assert.Equal([4], buffer.Seal().ToArray());
    }

    [Fact]
    public void Hands_each_value_over_once_while_it_is_sealed_and_opened_again()
    {
        const int PerThread = 50_000;
        var buffer = new ObservationBuffer(64);
        buffer.Open();
        List<double> drained = [];
        int writing = 3;
        Threads.Run(4, thread =>
        {
            if (thread == 3)
            {
                while (Volatile.Read(ref writing) > 0)
                {
                    drained.AddRange(buffer.Seal());
                    buffer.Open();
                }

                return;
            }

            for (int i = 0; i < PerThread; i++)
            {
                var spin = new SpinWait();
                while (!buffer.TryAdd((i * 3) + thread, out _))
                    spin.SpinOnce();
            }

            Interlocked.Decrement(ref writing);
        });
        drained.AddRange(buffer.Seal());
        drained.Sort();
        Assert.Equal(Enumerable.Range(0, 3 * PerThread).Select(value => (double)value), drained);
    }
}
