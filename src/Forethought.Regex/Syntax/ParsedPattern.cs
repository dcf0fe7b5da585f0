namespace Forethought.Regex.Syntax;

/// <summary>A parsed pattern.</summary>
/// <param name="Root">The syntax tree.</param>
/// <param name="GroupNames">The names of the groups by number, empty for those without; group 0 is the whole match.</param>
internal sealed record ParsedPattern(Node Root, IReadOnlyList<string> GroupNames);
