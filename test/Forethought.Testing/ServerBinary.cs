using Xunit;

namespace Forethought.Testing;

/// <summary>Which server the tests start.</summary>
public static class ServerBinary
{
    /// <summary>
    /// What <c>FORETHOUGHT_BINARY</c> names, for example a published binary, or the real Prometheus, which proves the tests; without the
    /// variable the server that was built with the tests, in their configuration.
    /// </summary>
    public static string UnderTest => Named ?? Built();

    /// <summary>What <c>FORETHOUGHT_BINARY</c> names; null if it is not set.</summary>
    public static string? Named =>
        Environment.GetEnvironmentVariable("FORETHOUGHT_BINARY") is { Length: > 0 } path ? path : null;

    /// <summary>Skips the calling test when it is proved on the real Prometheus, which does otherwise.</summary>
    public static void SkipOnTheReference(string why)
    {
        if (Path.GetFileName(UnderTest).StartsWith("prometheus", StringComparison.Ordinal))
            Assert.Skip("the reference differs: " + why);
    }

    /// <summary>The directory that holds the solution, above the running test.</summary>
    public static string RepositoryRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Forethought.slnx")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("Forethought.slnx not found above the test binary");
    }

    private static string Built()
    {
        // test/<project>/bin/<configuration>/net10.0/
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(RepositoryRoot(), "src", "Forethought", "bin", framework.Parent!.Name, framework.Name, "forethought");
    }
}
