namespace Forethought.Tests;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string? directory) =>
        directory is null ? throw new DirectoryNotFoundException("Forethought.slnx is above no directory of the tests")
        : File.Exists(Path.Combine(directory, "Forethought.slnx")) ? directory
        : Find(Path.GetDirectoryName(directory));
}
