using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Forethought.Tsdb.Platform;

/// <summary>What the operating system keeps in memory of files.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <summary>Whether it can be told what not to keep.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Tells it to keep nothing of a file. What was not synced yet stays; so does all where that is not supported.</summary>
    public static void Drop(SafeFileHandle file)
    {
        // A hint: what comes of it changes nothing but speed.
        if (OperatingSystem.IsLinux())
            _ = Advise(file, 0, 0, DontNeed);
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(SafeFileHandle file, nint offset, nint length, int advice);
}
