using System.Diagnostics;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>A file system of a few megabytes in memory; needs the right to mount, else the test is skipped with the reason.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryDirectory _mountPoint = new();

    private SmallDisk()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => _mountPoint.Path;

    public static async Task<SmallDisk> Mount(int megabytes)
    {
        var disk = new SmallDisk();
        string? error = await Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path);
        if (error is not null)
        {
            disk._mountPoint.Dispose();
            Assert.Skip("no small disk can be mounted: " + error);
        }

        return disk;
    }

    /// <summary>Leaves only so many bytes free.</summary>
    public void Fill(int leaveBytes)
    {
        using FileStream filler = File.Create(Filler);
        filler.SetLength(0);
        byte[] block = new byte[4096];
        while (new DriveInfo(Path).AvailableFreeSpace > leaveBytes)
            filler.Write(block);
    }

    /// <summary>Frees what <see cref="Fill"/> took.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await Run("umount", "--lazy", Path);
        _mountPoint.Dispose();
    }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    private static async Task<string?> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
