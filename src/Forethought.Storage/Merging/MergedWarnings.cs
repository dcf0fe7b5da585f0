namespace Forethought.Storage.Merging;

/// <summary>Warnings of several sources as one list, each text once.</summary>
internal static class MergedWarnings
{
    /// <summary>The texts in the order in which they come first.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<IReadOnlyList<string>> sources) =>
        [.. sources.SelectMany(warnings => warnings).Distinct(StringComparer.Ordinal)];
}
