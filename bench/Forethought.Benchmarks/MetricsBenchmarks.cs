using BenchmarkDotNet.Attributes;
using Forethought.Client;

namespace Forethought.Benchmarks;

/// <summary>What it costs to instrument code.</summary>
[BenchmarkCategory(AllocationGate.Category)]
public class MetricsBenchmarks
{
    private readonly MetricRegistry _registry = new();
    private Counter _counter = null!;
    private Histogram _histogram = null!;
    private CounterFamily _family = null!;

    [GlobalSetup]
    public void Setup()
    {
        _counter = _registry.CreateCounter("operations_total", "Operations.");
        _histogram = _registry.CreateHistogram("duration_seconds", "Durations.");
        _family = _registry.CreateCounterFamily("requests_total", "Requests.", ["code"]);
    }

    [Benchmark]
    public void Increment() => _counter.Inc();

    [Benchmark]
    public void Observe() => _histogram.Observe(0.3);

    [Benchmark]
    public void FindChildAndIncrement() => _family.WithLabels("200").Inc();
}
