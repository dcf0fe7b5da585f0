using Xunit;

namespace Forethought.Testing;

/// <summary>
/// Finds the tables of the reference's visible surface (flags, routes, configuration keys), which lie beside the conformance
/// data. Without them a test that needs them is reported as skipped.
/// </summary>
public static class Surface
{
    /// <summary>The rows of a tab-separated table below its header, as fields.</summary>
    public static IReadOnlyList<string[]> Rows(string table)
    {
        string path = Path.Combine(Conformance.Path("."), "..", "surface", table);
        if (!File.Exists(path))
            Assert.Skip($"no surface table {table} beside the conformance data");
        return [.. File.ReadLines(path).Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t'))];
    }
}
