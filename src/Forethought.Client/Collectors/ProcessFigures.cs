namespace Forethought.Client;

/// <summary>What is known of a process; null where it is not.</summary>
internal readonly record struct ProcessFigures
{
    public double? CpuSeconds { get; init; }

    public double? OpenFileDescriptors { get; init; }

    public double? MaxFileDescriptors { get; init; }

    public double? ResidentBytes { get; init; }

    public double? VirtualBytes { get; init; }

    /// <summary>2^64−1 for no limit, as Prometheus shows it.</summary>
    public double? MaxVirtualBytes { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public double? StartTimeSeconds { get; init; }

    public double? ReceivedBytes { get; init; }

    public double? TransmittedBytes { get; init; }
}
