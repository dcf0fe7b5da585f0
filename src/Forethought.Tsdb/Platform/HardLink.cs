using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Forethought.Tsdb.Platform;

/// <summary>Gives files second names. .NET 10 has no call for it.</summary>
internal static partial class HardLink
{
    /// <summary>Links a file under a name that is free; false if the file system does not.</summary>
    public static bool TryCreate(string existing, string added) => OperatingSystem.IsWindows()
        ? CreateHardLink(added, existing, 0)
        : Link(existing, added) == 0;

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string added);

    [SupportedOSPlatform("windows")]
    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string added, string existing, nint securityAttributes);
}
