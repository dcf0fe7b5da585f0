using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class GaugeTests
{
    private readonly Gauge _gauge = new("level", "Level.");

    [Fact]
    public void Goes_up_and_down()
    {
        _gauge.Set(10);
        _gauge.Inc();
        _gauge.Dec();
        _gauge.Dec();
        _gauge.Add(-2.5);
        Assert.Equal(6.5, _gauge.Value);
    }

    [Fact]
    public void Keeps_values_that_are_no_numbers()
    {
        _gauge.Set(double.NaN);
        _gauge.Add(1);
        Assert.True(double.IsNaN(_gauge.Value));
        _gauge.Set(double.NegativeInfinity);
        Assert.Equal(double.NegativeInfinity, _gauge.Value);
    }

    [Fact]
    public void Loses_no_concurrent_addition()
    {
        Threads.Run(4, thread =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                _gauge.Add(3);
                _gauge.Dec();
            }
        });
        Assert.Equal(400_000, _gauge.Value);
    }

    [Fact]
    public void Takes_the_time_from_its_clock()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250));
        var gauge = new Gauge("last_success_timestamp_seconds", "Last success.", new MetricOptions { TimeProvider = clock });
        gauge.SetToCurrentTime();
        Assert.Equal(1_700_000_000.25, gauge.Value);
    }

    [Fact]
    public void Does_not_allocate() =>
        Assert.Equal(0, Allocation.Of(() =>
        {
            _gauge.Set(1);
            _gauge.Inc();
            _gauge.Add(0.5);
        }));
}
