using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class CounterTests
{
    private readonly Counter _counter = new("events_total", "Events.");

    [Fact]
    public void Starts_at_zero_and_adds()
    {
        Assert.Equal(0, _counter.Value);
        _counter.Inc();
        _counter.Add(41);
        _counter.Add(0.5);
        _counter.Add(0);
        Assert.Equal(42.5, _counter.Value);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-0.1)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.NaN)]
    public void Cannot_decrease(double value)
    {
        _counter.Inc();
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _counter.Add(value));
        Assert.StartsWith("counter cannot decrease in value", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _counter.Value);
    }

    [Fact]
    public void Adds_values_that_no_integer_can_hold()
    {
        _counter.Add(1e300);
        Assert.Equal(1e300, _counter.Value);
        _counter.Add(double.PositiveInfinity);
        Assert.Equal(double.PositiveInfinity, _counter.Value);
    }

    [Fact]
    public void Counts_ones_exactly_above_a_large_value()
    {
        // 2^53 + 1 is not a double, so that a sum of doubles would stay at 2^53 for ever.
        _counter.Add(9007199254740991);
        for (int i = 0; i < 5; i++)
            _counter.Inc();
        Assert.Equal(9007199254740996, _counter.Value);
    }

    [Fact]
    public void Loses_no_concurrent_increment()
    {
        Threads.Run(4, thread =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                if (thread % 2 == 0)
                    _counter.Inc();
                else
                    _counter.Add(0.25);
            }
        });
        Assert.Equal(250_000, _counter.Value);
    }

    [Fact]
    public void Does_not_allocate()
    {
        Assert.Equal(0, Allocation.Of(() =>
        {
            _counter.Inc();
            _counter.Add(3);
            _counter.Add(0.5);
        }));
    }

    [Fact]
    public void Shows_its_latest_exemplar_in_OpenMetrics_only()
    {
        var clock = new Forethought.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(12345600));
        var registry = new MetricRegistry();
        Counter counter = registry.CreateCounter("foos_total", "Number of foos.", new MetricOptions { TimeProvider = clock });
        counter.Add(2, new ExemplarLabels(("trace_id", "old")));
        counter.Add(40, new ExemplarLabels(("trace_id", "new"), ("span", "7")));

        Assert.Equal(
            """
            # HELP foos Number of foos.
            # TYPE foos counter
            foos_total 42.0 # {trace_id="new",span="7"} 40.0 12345.6
            # EOF

            """,
            Written.OpenMetricsOf(registry));
        Assert.DoesNotContain("trace_id", registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_function_when_collected()
    {
        var registry = new MetricRegistry();
        double value = 1;
        registry.CreateCounterFunc("reads_total", "Reads.", () => value);
        registry.CreateGaugeFunc("level", "Level.", () => -value);
        Assert.Contains("\nreads_total 1\n", registry.ToText(), StringComparison.Ordinal);
        value = 2.5;
        Assert.Contains("\nreads_total 2.5\n", registry.ToText(), StringComparison.Ordinal);
        Assert.Contains("\nlevel -2.5\n", registry.ToText(), StringComparison.Ordinal);
    }
}
