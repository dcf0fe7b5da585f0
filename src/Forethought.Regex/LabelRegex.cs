namespace Forethought.Regex;

/// <summary>A label matcher's pattern, anchored at both ends. Immutable and safe to share between threads.</summary>
public sealed class LabelRegex
{
    /// <summary>Compiles a pattern.</summary>
    public LabelRegex(string pattern) => Pattern = pattern;

    /// <summary>The pattern as given.</summary>
    public string Pattern { get; }

    /// <summary>The values that the pattern accepts, when they are few; otherwise null.</summary>
    public IReadOnlyList<string>? SetMatches { get; }

    /// <summary>What every accepted value starts with, null when nothing is known.</summary>
    public string? Prefix { get; }

    /// <summary>Whether the pattern accepts a value.</summary>
    public bool IsMatch(ReadOnlySpan<byte> utf8) => throw new InvalidOperationException($"{Pattern}: the engine is not wired up yet");
}
