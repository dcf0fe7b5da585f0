using Xunit;

namespace Forethought.Testing;

/// <summary>
/// Finds the programs that the server is tested together with: the real Prometheus, promtool, node_exporter. They are not part of
/// this repository; <c>PEERS_BIN</c> names their directory.
/// </summary>
public static class Peers
{
    /// <summary>The path of the program, looked for in <c>PEERS_BIN</c> and then in <c>/usr/bin</c>; null if it is in neither.</summary>
    public static string? Find(string name)
    {
        string?[] directories = [Environment.GetEnvironmentVariable("PEERS_BIN"), "/usr/bin"];
        return directories.Where(directory => !string.IsNullOrEmpty(directory)).Select(directory => Path.Combine(directory!, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>As <see cref="Find"/>; without the program the calling test is reported as skipped, with the reason.</summary>
    public static string Require(string name)
    {
        string? path = Find(name);
        if (path is null)
            Assert.Skip($"no {name}: neither in PEERS_BIN nor in /usr/bin");
        return path!;
    }
}
