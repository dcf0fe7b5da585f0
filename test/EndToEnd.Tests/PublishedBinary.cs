using System.Diagnostics;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>The single file that users get: what <c>FORETHOUGHT_BINARY</c> names, else published now by <c>build/publish.sh</c>.</summary>
public sealed class PublishedBinary : IAsyncLifetime
{
    /// <summary>The path of the program.</summary>
    public string Path { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        string root = ServerBinary.RepositoryRoot();
        Path = ServerBinary.Named ?? System.IO.Path.Combine(root, "artifacts", "linux-x64", "forethought");
        if (ServerBinary.Named is not null)
            return;
        var start = new ProcessStartInfo(System.IO.Path.Combine(root, "build", "publish.sh"))
        {
            Environment = { ["PLATFORMS"] = "" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process publish = Process.Start(start)!;
        Task<string> errors = publish.StandardError.ReadToEndAsync();
        string output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, $"publishing failed:\n{output}\n{await errors}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
