namespace Forethought.Regex.Rewriting;

/// <summary>A part of a value: a literal, or a gap of any runes.</summary>
/// <param name="Literal">The text of a literal; null for a gap.</param>
/// <param name="FoldCase">Whether the literal matches regardless of case.</param>
/// <param name="Minimum">The least runes in a gap, 0 or 1.</param>
internal readonly record struct Piece(string? Literal, bool FoldCase, int Minimum)
{
    internal static Piece Gap(int minimum) => new(null, FoldCase: false, minimum);

    internal static Piece Text(string literal, bool foldCase) => new(literal, foldCase, Minimum: 0);
}
