namespace Forethought.Regex.Rewriting;

/// <summary>
/// One way to match a whole value: literals and gaps in order, no two of a kind side by side. Immutable.
/// </summary>
internal sealed class PieceSequence
{
    private const int MaxPieces = 64;

    private PieceSequence(Piece[] pieces, bool mustBegin, bool mustEnd)
    {
        Pieces = pieces;
        MustBegin = mustBegin;
        MustEnd = mustEnd;
    }

    internal static PieceSequence Empty { get; } = new([], mustBegin: false, mustEnd: false);

    /// <summary><c>^</c>: nothing may come before.</summary>
    internal static PieceSequence Beginning { get; } = new([], mustBegin: true, mustEnd: false);

    /// <summary><c>$</c>: nothing may follow.</summary>
    internal static PieceSequence Ending { get; } = new([], mustBegin: false, mustEnd: true);

    internal Piece[] Pieces { get; }

    /// <summary>The text if the sequence is one literal with regard to case, or empty; else null.</summary>
    internal string? ExactText => Pieces switch
    {
        [] => "",
        [{ Literal: { } text, FoldCase: false }] => text,
        _ => null,
    };

    private bool MustBegin { get; }

    private bool MustEnd { get; }

    /// <summary>Characters in literals.</summary>
    internal int Length => Pieces.Sum(piece => piece.Literal?.Length ?? 0);

    internal static PieceSequence Of(Piece piece) => new([piece], mustBegin: false, mustEnd: false);

    /// <summary>This followed by <paramref name="next"/>; null if that is no sequence of literals and gaps, or too long a one.</summary>
    internal PieceSequence? Then(PieceSequence next)
    {
        if ((MustEnd && next.Pieces.Length > 0) || (next.MustBegin && Pieces.Length > 0))
            return null;
        bool mustBegin = MustBegin || next.MustBegin, mustEnd = MustEnd || next.MustEnd;
        if (Pieces.Length == 0 || next.Pieces.Length == 0)
            return new PieceSequence(Pieces.Length == 0 ? next.Pieces : Pieces, mustBegin, mustEnd);

        Piece left = Pieces[^1], right = next.Pieces[0];
        if (Pieces.Length + next.Pieces.Length > MaxPieces)
            return null;
        if ((left.Literal is null) != (right.Literal is null))
            return new PieceSequence([.. Pieces, .. next.Pieces], mustBegin, mustEnd);
        return TryJoin(left, right) is { } joined
            ? new PieceSequence([.. Pieces.AsSpan(..^1), joined, .. next.Pieces.AsSpan(1..)], mustBegin, mustEnd)
            : null;
    }

    private static Piece? TryJoin(Piece left, Piece right)
    {
        if (left.Literal is null || right.Literal is null)
            return left.Minimum + right.Minimum <= 1 ? Piece.Gap(left.Minimum + right.Minimum) : null;
        return left.FoldCase == right.FoldCase ? Piece.Text(left.Literal + right.Literal, left.FoldCase) : null;
    }
}
