using System.Text;

namespace Forethought.Regex.Rewriting;

/// <summary>Makes the cheapest matcher for a list of sequences.</summary>
internal static class ValueMatcherFactory
{
    /// <summary>More searches than this, one after the other, cost more than the automaton, which makes them all at once.</summary>
    private const int MaxSearches = 4;

    /// <summary>The matcher, or null if the automaton is the better way.</summary>
    internal static ValueMatcher? Create(IReadOnlyList<PieceSequence> sequences)
    {
        var literals = new Dictionary<string, byte[]>();
        var others = new List<ValueMatcher>();
        foreach (PieceSequence sequence in sequences)
        {
            if (sequence.ExactText is { } text)
                literals.TryAdd(text, Encoding.UTF8.GetBytes(text));
            else if (others.Count < MaxSearches && CreateOne(sequence.Pieces) is { } matcher)
                others.Add(matcher);
            else
                return null;
        }

        if (literals.Count > 0)
            others.Insert(0, literals.Count == 1 ? new EqualMatcher(literals.Values.First()) : new SetMatcher(literals.Values));
        return others.Count == 1 ? others[0] : new EitherMatcher([.. others]);
    }

    private static ValueMatcher? CreateOne(Piece[] pieces) => pieces switch
    {
        [{ Literal: null, Minimum: var minimum }] => new AnyMatcher(minimum),
        [{ FoldCase: true, Literal: { } literal }] => new FoldMatcher(literal, 0, 0),
        [{ FoldCase: true, Literal: { } literal }, var gap] => new FoldMatcher(literal, gap.Minimum, int.MaxValue),
        _ when Array.Exists(pieces, piece => piece.FoldCase) => null,
        [{ Literal: { } prefix }, var gap] => new PrefixMatcher(Encoding.UTF8.GetBytes(prefix), gap.Minimum),
        [var gap, { Literal: { } suffix }] => new SuffixMatcher(Encoding.UTF8.GetBytes(suffix), gap.Minimum),
        [{ Literal: null } before, { Literal: { } middle }, var after] =>
            new ContainsMatcher(Encoding.UTF8.GetBytes(middle), before.Minimum, after.Minimum),
        _ => CreateGapMatcher(pieces),
    };

    private static GapMatcher CreateGapMatcher(Piece[] pieces)
    {
        byte[] prefix = [], suffix = [];
        var middle = new List<(int Gap, byte[] Literal)>();
        int gap = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Literal is not { } text)
                gap = pieces[i].Minimum;
            else if (i == 0)
                prefix = Encoding.UTF8.GetBytes(text);
            else if (i == pieces.Length - 1)
                suffix = Encoding.UTF8.GetBytes(text);
            else
                middle.Add((gap, Encoding.UTF8.GetBytes(text)));
        }

        return new GapMatcher(prefix, [.. middle], gap, suffix);
    }
}
