using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Forethought.Tsdb.Platform;

/// <summary>Gives memory of the process that is free, or garbage, back to the system.</summary>
internal static partial class UnusedMemory
{
    /// <summary>
    /// Begins a collection of all garbage, which goes on beside the other threads, and gives back the free native memory that lies between
    /// memory in use.
    /// </summary>
    public static void Return()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        if (OperatingSystem.IsLinux())
            TrimNativeHeap();
    }

    // Of the C libraries only glibc needs it, and only glibc has it.
    [SupportedOSPlatform("linux")]
    private static void TrimNativeHeap()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another library, which gives back what is freed by itself.
        }
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallocTrim(nuint keptBytes);
}
