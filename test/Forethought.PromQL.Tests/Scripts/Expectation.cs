using Pattern = System.Text.RegularExpressions.Regex;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>A text that is expected: exactly but for spaces at its end, or by a pattern.</summary>
internal sealed record Expectation(string? Message, Pattern? Regex)
{
    /// <summary>Any text.</summary>
    public static Expectation Any { get; } = new(null, new Pattern("^.*$"));

    public bool Accepts(string text) => Regex?.IsMatch(text) ?? Message == text.TrimEnd();

    public override string ToString() => Regex is null ? $"message \"{Message}\"" : $"pattern \"{Regex}\"";
}
