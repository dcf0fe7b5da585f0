namespace Forethought.Tsdb.Tests.Platform;

/// <summary>A change of a directory that is not on stable storage: a name is taken away, another one given, or both at once.</summary>
/// <param name="Removed">Null if none is taken away.</param>
/// <param name="Added">Null if none is given.</param>
/// <param name="Entry">What gets the name.</param>
internal readonly record struct UnsyncedName(string? Removed, string? Added, object? Entry);
