using Forethought.Testing;

namespace Forethought.Discovery.Tests;

public sealed class UpdatePaceTests
{
    [Fact]
    public async Task Waits_100_ms_at_first_half_as_long_again_each_time_and_never_longer_than_the_limit()
    {
        var clock = new FakeTimeProvider();
        var pace = new UpdatePace(TimeSpan.FromSeconds(1), clock);
        double[] pauses = await PausesAsync(pace, clock, 8);
        Assert.Equal([100, 150, 225, 337, 506, 759, 1000, 1000], pauses);
    }

    [Fact]
    public async Task Is_prompt_again_after_a_quiet_time()
    {
        var clock = new FakeTimeProvider();
        var pace = new UpdatePace(TimeSpan.FromSeconds(1), clock);
        await PausesAsync(pace, clock, 5);
        clock.Advance(TimeSpan.FromSeconds(1.001));
        double[] pauses = await PausesAsync(pace, clock, 2);
        Assert.Equal([100, 150], pauses);
    }

    private static async Task<double[]> PausesAsync(UpdatePace pace, FakeTimeProvider clock, int count)
    {
        double[] pauses = new double[count];
        for (int i = 0; i < count; i++)
        {
            Task waiting = pace.WaitAsync(default);
            DateTimeOffset start = clock.GetUtcNow();
            while (clock.ArmedTimers > 0)
            {
                clock.Advance(TimeSpan.FromMilliseconds(1));
            }

            await waiting;
            pace.Sent();
            pauses[i] = (clock.GetUtcNow() - start).TotalMilliseconds;
        }

        return pauses;
    }
}
