namespace Forethought.Flags;

/// <summary>One flag: name, kind, default (null when there is none) and help text.</summary>
public sealed record FlagDefinition(string Name, FlagKind Kind, string? Default, string Help)
{
    /// <summary>In which mode it may be given.</summary>
    public FlagMode Mode { get; init; }

    /// <summary>Whether <c>--help</c> leaves it out.</summary>
    public bool Hidden { get; init; }

    /// <summary>What help shows in place of a value.</summary>
    public string? Placeholder { get; init; }

    /// <summary>The values of an enumeration.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The error text for any other value, <c>{0}</c> being the value; null for the general text.</summary>
    public string? ChoiceError { get; init; }
}
