namespace Forethought.Http;

/// <summary>
/// A text that must not appear in logs, pages or marshalled configuration. <see cref="ToString"/> masks it;
/// only <see cref="Reveal"/> gives the text.
/// </summary>
/// <param name="Text">The secret text, or <see langword="null"/>, which counts as empty.</param>
public readonly record struct Secret(string? Text)
{
    /// <summary>What stands in the place of a secret that is set.</summary>
    public const string Mask = "<secret>";

    /// <summary>Whether no secret is configured.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(Text);

    /// <summary>The secret itself; empty when none is configured.</summary>
    public string Reveal() => Text ?? "";

    /// <summary><see cref="Mask"/> when a secret is set, otherwise the empty string.</summary>
    public override string ToString() => IsEmpty ? "" : Mask;
}
