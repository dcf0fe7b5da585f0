namespace Forethought.Client;

/// <summary>
/// The process as the operating system sees it: <c>process_cpu_seconds_total</c>, <c>process_open_fds</c>, <c>process_max_fds</c>,
/// <c>process_resident_memory_bytes</c>, <c>process_virtual_memory_bytes</c>, <c>process_virtual_memory_max_bytes</c>,
/// <c>process_start_time_seconds</c> and <c>process_network_{receive,transmit}_bytes_total</c>.
/// </summary>
/// <remarks>
/// On Linux all of them, from <c>/proc</c>; the network counters are those of the process' network namespace. Elsewhere what .NET
/// can tell: CPU, memory, start time and, on Windows, open handles under the name of open file descriptors. A value that cannot be
/// read is left out of the scrape.
/// </remarks>
public sealed class ProcessCollector : ICollector
{
    private readonly LinuxProcess? _linux = OperatingSystem.IsLinux() ? new LinuxProcess("/proc") : null;

    private readonly MetricDescriptor _cpu =
        Counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");

    private readonly MetricDescriptor _openFileDescriptors = Gauge("process_open_fds", "Number of open file descriptors.");

    private readonly MetricDescriptor _maxFileDescriptors = Gauge("process_max_fds", "Maximum number of open file descriptors.");

    private readonly MetricDescriptor _virtualMemory = Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");

    private readonly MetricDescriptor _maxVirtualMemory =
        Gauge("process_virtual_memory_max_bytes", "Maximum amount of virtual memory available in bytes.");

    private readonly MetricDescriptor _residentMemory = Gauge("process_resident_memory_bytes", "Resident memory size in bytes.");

    private readonly MetricDescriptor _startTime =
        Gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.");

    private readonly MetricDescriptor _received =
        Counter("process_network_receive_bytes_total", "Number of bytes received by the process over the network.");

    private readonly MetricDescriptor _transmitted =
        Counter("process_network_transmit_bytes_total", "Number of bytes sent by the process over the network.");

    /// <summary>A collector for this process.</summary>
    public ProcessCollector() =>
        Descriptors =
        [
            _cpu, _openFileDescriptors, _maxFileDescriptors, _virtualMemory, _maxVirtualMemory, _residentMemory, _startTime,
            _received, _transmitted,
        ];

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors { get; }

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ProcessFigures figures = _linux?.Read() ?? PortableProcess.Read();
        Write(writer, _cpu, figures.CpuSeconds);
        Write(writer, _maxFileDescriptors, figures.MaxFileDescriptors);
        Write(writer, _received, figures.ReceivedBytes);
        Write(writer, _transmitted, figures.TransmittedBytes);
        Write(writer, _openFileDescriptors, figures.OpenFileDescriptors);
        Write(writer, _residentMemory, figures.ResidentBytes);
        Write(writer, _startTime, figures.StartTimeSeconds);
        Write(writer, _virtualMemory, figures.VirtualBytes);
        Write(writer, _maxVirtualMemory, figures.MaxVirtualBytes);
    }

    private static MetricDescriptor Counter(string name, string help) => new(name, help, MetricType.Counter);

    private static MetricDescriptor Gauge(string name, string help) => new(name, help, MetricType.Gauge);

    private static void Write(MetricWriter writer, MetricDescriptor descriptor, double? value)
    {
        if (value is { } known)
            writer.Write(descriptor, known);
    }
}
