namespace Forethought.PromQL.Syntax;

/// <summary>A token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first byte in the source.</param>
/// <param name="Text">Its text as written; the message of an <see cref="TokenKind.Error"/>.</param>
internal readonly record struct Token(TokenKind Kind, int Start, string Text)
{
    /// <summary>Where the token stands. Tokens other than strings are ASCII, so that only those need their bytes counted.</summary>
    internal PositionRange PositionRange => new(Start, Start + System.Text.Encoding.UTF8.GetByteCount(Text));
}
