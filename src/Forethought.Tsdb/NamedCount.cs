namespace Forethought.Tsdb;

/// <summary>A line of a cardinality table.</summary>
/// <param name="Name">A label name, a label value or a pair <c>name=value</c>.</param>
/// <param name="Count">Series, values or bytes.</param>
public readonly record struct NamedCount(string Name, long Count);
