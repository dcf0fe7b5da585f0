using System.Runtime.InteropServices;

namespace Forethought.Client;

/// <summary>
/// The .NET runtime under the names that dashboards know from Go programs, where .NET has something that means the same to their
/// reader. Thread-safe.
/// </summary>
/// <remarks>
/// What each name stands for here:
/// <list type="table">
/// <item><term>go_info{version}</term><description>1; the version is .NET's, such as <c>.NET 10.0.0</c>.</description></item>
/// <item><term>go_goroutines, go_sched_goroutines_goroutines</term><description>Threads of the thread pool plus work items queued
/// for them: the work going on at once. Suspended async methods cannot be counted.</description></item>
/// <item><term>go_threads, go_sched_threads_total_threads</term><description>Threads of the process.</description></item>
/// <item><term>go_sched_gomaxprocs_threads</term><description>Processors the runtime uses.</description></item>
/// <item><term>go_gc_duration_seconds</term><description>Count and sum of all collections and their pauses; the quantiles are of the
/// latest 256 pauses seen.</description></item>
/// <item><term>go_gc_cycles_total_gc_cycles_total</term><description>Collections of any generation.</description></item>
/// <item><term>go_memstats_last_gc_time_seconds</term><description>When a collection last ended; 0 before the first.</description></item>
/// <item><term>go_memstats_alloc_bytes, go_memstats_heap_alloc_bytes</term><description>Managed memory allocated and not yet found
/// free.</description></item>
/// <item><term>go_memstats_alloc_bytes_total, go_gc_heap_allocs_bytes_total</term><description>All managed memory ever
/// allocated.</description></item>
/// <item><term>go_memstats_heap_inuse_bytes</term><description>The same plus the fragmentation after the last
/// collection.</description></item>
/// <item><term>go_memstats_heap_sys_bytes, go_memstats_sys_bytes</term><description>Memory committed by the garbage collector. Native
/// allocations are not part of it.</description></item>
/// <item><term>go_memstats_heap_idle_bytes</term><description>Committed and not in use.</description></item>
/// <item><term>go_gc_heap_live_bytes</term><description>What the last collection left alive.</description></item>
/// <item><term>go_gc_gomemlimit_bytes</term><description>The memory the garbage collector may use: the container's or machine's, or
/// the configured hard limit.</description></item>
/// </list>
/// Not exported, because .NET has nothing of the kind: numbers of heap objects and frees (<c>go_memstats_heap_objects</c>,
/// <c>go_memstats_mallocs_total</c>, <c>go_memstats_frees_total</c>, <c>go_gc_heap_*_objects*</c>, <c>go_gc_heap_*_by_size_bytes</c>,
/// <c>go_gc_heap_frees_bytes_total</c>), memory returned to the system, stacks, spans, caches, profiling and collector metadata
/// (<c>go_memstats_{heap_released,stack_*,mspan_*,mcache_*,buck_hash_sys,gc_sys,other_sys}_bytes</c>, <c>go_gc_stack_*</c>,
/// <c>go_gc_scan_*</c>), the heap's next goal (<c>go_memstats_next_gc_bytes</c>, <c>go_gc_heap_goal_bytes</c>, <c>go_gc_gogc_percent</c>,
/// <c>go_gc_limiter_*</c>), forced against automatic collections, finalizer and cleanup queues, pause histograms, and the scheduler's
/// latencies and goroutine states (<c>go_sched_latencies_seconds</c>, <c>go_sched_pauses_*</c>, <c>go_sched_goroutines_*</c> but the
/// one above, <c>go_sync_mutex_wait_total_seconds_total</c>).
/// </remarks>
public sealed class RuntimeCollector : ICollector
{
    private const string AllocatedNow = "Number of bytes allocated in heap and currently in use: managed memory not yet found free.";
    private const string AllocatedTotal = "Total number of bytes allocated in heap until now, even if released already.";
    private const string Committed = "Number of bytes obtained from system: memory committed by the garbage collector.";
    private const string Concurrency = "Number of goroutines that currently exist: here, thread-pool threads and queued work items.";
    private const string ThreadCount = "Number of OS threads of the process.";

    private readonly LinuxProcess? _linux = OperatingSystem.IsLinux() ? new LinuxProcess("/proc") : null;
    private readonly GarbageCollectionLog _collections;

    private readonly MetricDescriptor _info;
    private readonly MetricDescriptor _goroutines = Gauge("go_goroutines", Concurrency);
    private readonly MetricDescriptor _scheduledGoroutines = Gauge("go_sched_goroutines_goroutines", Concurrency);
    private readonly MetricDescriptor _threads = Gauge("go_threads", ThreadCount);
    private readonly MetricDescriptor _scheduledThreads = Gauge("go_sched_threads_total_threads", ThreadCount);
    private readonly MetricDescriptor _processors = Gauge("go_sched_gomaxprocs_threads", "Number of processors the runtime uses.");

    private readonly MetricDescriptor _pauses = new(
        "go_gc_duration_seconds",
        "A summary of the wall-time pause (stop-the-world) duration in garbage collection cycles.",
        MetricType.Summary);

    private readonly MetricDescriptor _cycles =
        Counter("go_gc_cycles_total_gc_cycles_total", "Count of all completed garbage collections of any generation.");

    private readonly MetricDescriptor _lastCollection =
        Gauge("go_memstats_last_gc_time_seconds", "Number of seconds since 1970 of last garbage collection.");

    private readonly MetricDescriptor _allocated = Gauge("go_memstats_alloc_bytes", AllocatedNow);
    private readonly MetricDescriptor _heapAllocated = Gauge("go_memstats_heap_alloc_bytes", AllocatedNow);
    private readonly MetricDescriptor _allocatedTotal = Counter("go_memstats_alloc_bytes_total", AllocatedTotal);
    private readonly MetricDescriptor _heapAllocatedTotal = Counter("go_gc_heap_allocs_bytes_total", AllocatedTotal);

    private readonly MetricDescriptor _heapInUse =
        Gauge("go_memstats_heap_inuse_bytes", "Number of heap bytes that are in use, fragmentation included.");

    private readonly MetricDescriptor _heapIdle =
        Gauge("go_memstats_heap_idle_bytes", "Number of heap bytes waiting to be used: committed and not in use.");

    private readonly MetricDescriptor _heapCommitted = Gauge("go_memstats_heap_sys_bytes", Committed);
    private readonly MetricDescriptor _committed = Gauge("go_memstats_sys_bytes", Committed);

    private readonly MetricDescriptor _heapLive =
        Gauge("go_gc_heap_live_bytes", "Heap memory occupied by live objects after the last garbage collection.");

    private readonly MetricDescriptor _memoryLimit =
        Gauge("go_gc_gomemlimit_bytes", "Memory the garbage collector may use: that of the container or machine, or its hard limit.");

    /// <summary>A collector for this process' runtime.</summary>
    /// <param name="timeProvider">Dates garbage collections; the system's clock unless given.</param>
    public RuntimeCollector(TimeProvider? timeProvider = null)
    {
        _collections = new GarbageCollectionLog(timeProvider ?? TimeProvider.System);
        _info = new MetricDescriptor(
            "go_info",
            "Information about the environment: the version of .NET.",
            MetricType.Gauge,
            constantLabels: new Dictionary<string, string> { ["version"] = RuntimeInformation.FrameworkDescription });
        Descriptors =
        [
            _info, _goroutines, _scheduledGoroutines, _threads, _scheduledThreads, _processors, _pauses, _cycles, _lastCollection,
            _allocated, _heapAllocated, _allocatedTotal, _heapAllocatedTotal, _heapInUse, _heapIdle, _heapCommitted, _committed,
            _heapLive, _memoryLimit,
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors { get; }

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_info, 1);
        WriteThreads(writer);
        WriteCollections(writer);
        WriteMemory(writer);
    }

    private static MetricDescriptor Counter(string name, string help) => new(name, help, MetricType.Counter);

    private static MetricDescriptor Gauge(string name, string help) => new(name, help, MetricType.Gauge);

    private void WriteThreads(MetricWriter writer)
    {
        double concurrency = ThreadPool.ThreadCount + ThreadPool.PendingWorkItemCount;
        writer.Write(_goroutines, concurrency);
        writer.Write(_scheduledGoroutines, concurrency);
        double? threads = _linux is null ? PortableProcess.ReadThreads() : _linux.ReadThreads();
        if (threads is { } count)
        {
            writer.Write(_threads, count);
            writer.Write(_scheduledThreads, count);
        }

        writer.Write(_processors, Environment.ProcessorCount);
    }

    private void WriteCollections(MetricWriter writer)
    {
        Span<QuantileValue> quartiles = stackalloc QuantileValue[5];
        _collections.ReadQuartiles(quartiles);
        // A collection of an older generation counts in every younger one.
        int count = GC.CollectionCount(0);
        writer.WriteSummary(_pauses, (ulong)count, GC.GetTotalPauseDuration().TotalSeconds, quartiles);
        writer.Write(_cycles, count);
        writer.Write(_lastCollection, _collections.LastCollection is { } time ? ExpositionWriter.SecondsSince1970(time) : 0);
    }

    private void WriteMemory(MetricWriter writer)
    {
        GCMemoryInfo last = GC.GetGCMemoryInfo(GCKind.Any);
        long live = last.HeapSizeBytes - last.FragmentedBytes;
        // While a collection runs the total may be far too low, even negative; it is never below what the last one left alive.
        long allocated = Math.Max(GC.GetTotalMemory(forceFullCollection: false), live);
        long total = GC.GetTotalAllocatedBytes();
        long inUse = allocated + last.FragmentedBytes;
        // The committed size is that of the last collection, and none is known before the first.
        long committed = Math.Max(last.TotalCommittedBytes, inUse);
        writer.Write(_allocated, allocated);
        writer.Write(_heapAllocated, allocated);
        writer.Write(_allocatedTotal, total);
        writer.Write(_heapAllocatedTotal, total);
        writer.Write(_heapInUse, inUse);
        writer.Write(_heapIdle, committed - inUse);
        writer.Write(_heapCommitted, committed);
        writer.Write(_committed, committed);
        writer.Write(_heapLive, live);
        writer.Write(_memoryLimit, last.TotalAvailableMemoryBytes);
    }
}
