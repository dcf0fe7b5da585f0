namespace Forethought.Configuration.Sections;

/// <summary>The shapes that patterns of file names may have.</summary>
internal static class FilePatterns
{
    private static readonly string[] DiscoveryExtensions = [".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML"];

    /// <summary>A star at most, and then none before a further slash: <c>^[^*]*(\*[^/]*)?$</c>.</summary>
    internal static bool IsRulePattern(string pattern)
    {
        int star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0 || pattern.IndexOf('/', star) < 0;
    }

    /// <summary>As <see cref="IsRulePattern"/>, with one of the extensions of target files.</summary>
    internal static bool IsDiscoveryFile(string pattern) =>
        IsRulePattern(pattern) && Array.Exists(DiscoveryExtensions, extension => pattern.EndsWith(extension, StringComparison.Ordinal));
}
