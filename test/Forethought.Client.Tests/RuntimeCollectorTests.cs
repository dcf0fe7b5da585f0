using System.Globalization;
using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class RuntimeCollectorTests
{
    [Fact]
    public void Exposes_this_runtime()
    {
        var registry = new MetricRegistry();
        registry.Register(new RuntimeCollector());
        GC.Collect();
        Dictionary<string, double> values = Values(registry.ToText());

        Assert.Equal(1, values.Single(value => value.Key.StartsWith("go_info{version=\".NET 10.", StringComparison.Ordinal)).Value);
        Assert.InRange(values["go_goroutines"], 0, 10_000);
        Assert.InRange(values["go_threads"], 1, 10_000);
        Assert.Equal(Environment.ProcessorCount, values["go_sched_gomaxprocs_threads"]);
        Assert.InRange(values["go_memstats_alloc_bytes"], 10_000, 1e11);
        Assert.Equal(values["go_memstats_alloc_bytes"], values["go_memstats_heap_alloc_bytes"]);
        Assert.True(values["go_memstats_heap_inuse_bytes"] >= values["go_memstats_heap_alloc_bytes"]);
        Assert.Equal(values["go_memstats_heap_sys_bytes"], values["go_memstats_heap_inuse_bytes"] + values["go_memstats_heap_idle_bytes"]);
        Assert.InRange(values["go_gc_duration_seconds_count"], 1, 1e6);
        Assert.InRange(values["go_gc_duration_seconds_sum"], 1e-7, 1e4);
        Assert.Equal(values["go_gc_duration_seconds_count"], values["go_gc_cycles_total_gc_cycles_total"]);

        byte[] garbage = new byte[1_000_000];
        GC.KeepAlive(garbage);
        Assert.InRange(Values(registry.ToText())["go_memstats_alloc_bytes_total"], values["go_memstats_alloc_bytes_total"] + 900_000, 1e15);
    }

    [Fact]
    public void Notes_pauses_and_the_time_of_collections()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        var log = new GarbageCollectionLog(clock);
        GC.Collect();
        // Finalizers note the collection; waiting for them makes that certain.
        GC.WaitForPendingFinalizers();
        Assert.Equal(clock.GetUtcNow(), log.LastCollection);
        Span<QuantileValue> quartiles = stackalloc QuantileValue[5];
        log.ReadQuartiles(quartiles);
        Assert.True(quartiles[4].Value > 0);
    }

    [Fact]
    public void Shows_the_quartiles_of_the_latest_pauses()
    {
        var log = new GarbageCollectionLog(new FakeTimeProvider());
        Span<QuantileValue> quartiles = stackalloc QuantileValue[5];
        // Indices below zero are those of no real collection, which the log may note meanwhile; it can hold few of them here.
        for (int i = 1; i <= 1000; i++)
            log.Record(-i, [TimeSpan.FromSeconds(i), TimeSpan.Zero]);
        log.Record(-1000, [TimeSpan.FromSeconds(5000)]);
        log.ReadQuartiles(quartiles);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], quartiles.ToArray().Select(quartile => quartile.Quantile));
        Assert.InRange(quartiles[2].Value, 862, 874);
        Assert.Equal(1000, quartiles[4].Value);
    }

    [Fact]
    public void Uses_only_names_and_types_of_the_reference()
    {
        Dictionary<string, string> reference = KnownNames.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim().Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
        IEnumerable<MetricDescriptor> ours = new RuntimeCollector().Descriptors.Concat(new ProcessCollector().Descriptors);
        Assert.All(ours, descriptor =>
            Assert.Equal(reference.GetValueOrDefault(descriptor.Name), descriptor.Type.ToString().ToLower(CultureInfo.InvariantCulture)));
    }

    private static Dictionary<string, double> Values(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    // From the /metrics page of Prometheus 3.5.3.
    private const string KnownNames =
        """
        go_gc_cycles_total_gc_cycles_total counter
        go_gc_duration_seconds summary
        go_gc_gomemlimit_bytes gauge
        go_gc_heap_allocs_bytes_total counter
        go_gc_heap_live_bytes gauge
        go_goroutines gauge
        go_info gauge
        go_memstats_alloc_bytes gauge
        go_memstats_alloc_bytes_total counter
        go_memstats_heap_alloc_bytes gauge
        go_memstats_heap_idle_bytes gauge
        go_memstats_heap_inuse_bytes gauge
        go_memstats_heap_sys_bytes gauge
        go_memstats_last_gc_time_seconds gauge
        go_memstats_sys_bytes gauge
        go_sched_gomaxprocs_threads gauge
        go_sched_goroutines_goroutines gauge
        go_sched_threads_total_threads gauge
        go_threads gauge
        process_cpu_seconds_total counter
        process_max_fds gauge
        process_network_receive_bytes_total counter
        process_network_transmit_bytes_total counter
        process_open_fds gauge
        process_resident_memory_bytes gauge
        process_start_time_seconds gauge
        process_virtual_memory_bytes gauge
        process_virtual_memory_max_bytes gauge
        """;
}
