namespace Forethought.Http;

/// <summary>
/// A text that must not appear in logs, pages or marshalled configuration. <see cref="ToString"/> masks it;
/// only <see cref="Reveal"/> gives the text.
/// </summary>
public readonly record struct Secret
{
    /// <summary>What stands in the place of a secret that is set.</summary>
    public const string Mask = "<secret>";

    // Never empty: no secret and an empty one are the same.
    private readonly string? _text;

    /// <summary>Makes a secret of a text; empty and <see langword="null"/> mean that none is configured.</summary>
    public Secret(string? text) => _text = string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Whether no secret is configured.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>The secret itself; empty when none is configured.</summary>
    public string Reveal() => _text ?? "";

    /// <summary><see cref="Mask"/> when a secret is set, otherwise the empty string.</summary>
    public override string ToString() => IsEmpty ? "" : Mask;
}
