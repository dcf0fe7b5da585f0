using System.Diagnostics;

namespace Forethought.Client;

/// <summary>This process' figures as far as .NET knows them on every system.</summary>
internal static class PortableProcess
{
    // The most handles a Windows process can have.
    private const double MaxWindowsHandles = 16 * 1024 * 1024;

    public static double ReadThreads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    public static ProcessFigures Read()
    {
        using var process = Process.GetCurrentProcess();
        bool isWindows = OperatingSystem.IsWindows();
        return new ProcessFigures
        {
            CpuSeconds = process.TotalProcessorTime.TotalSeconds,
            ResidentBytes = process.WorkingSet64,
            VirtualBytes = process.VirtualMemorySize64,
            StartTimeSeconds = ExpositionWriter.SecondsSince1970(process.StartTime),
            OpenFileDescriptors = isWindows ? process.HandleCount : null,
            MaxFileDescriptors = isWindows ? MaxWindowsHandles : null,
        };
    }
}
