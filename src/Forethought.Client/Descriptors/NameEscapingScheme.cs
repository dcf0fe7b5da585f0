namespace Forethought.Client;

/// <summary>
/// How names outside <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c> are put for a scraper, as negotiated by the <c>escaping</c> parameter of its
/// Accept header. Names within that pattern are never changed.
/// </summary>
public enum NameEscapingScheme
{
    /// <summary><c>underscores</c>: each character that does not fit becomes <c>_</c>. What scrapers get that ask for nothing.</summary>
    Underscores,

    /// <summary><c>allow-utf-8</c>: names stay as they are, quoted and inside the braces.</summary>
    AllowUtf8,

    /// <summary><c>dots</c>: dots become <c>_dot_</c>, underscores <c>__</c>, and so does whatever else does not fit.</summary>
    Dots,

    /// <summary>
    /// <c>values</c>: reversible; <c>U__</c>, then <c>_hex_</c> for each character that does not fit and <c>__</c> for an underscore.
    /// </summary>
    Values,
}
