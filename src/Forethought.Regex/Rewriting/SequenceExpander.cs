using System.Text;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Rewriting;

/// <summary>
/// Writes a pattern as the list of sequences of literals and gaps it stands for: <c>(a|b)c.*</c> is <c>ac.*</c> or <c>bc.*</c>.
/// Patterns with more to them, or that would grow too much, have no such list.
/// </summary>
internal sealed class SequenceExpander
{
    /// <summary>The most sequences that multiplying choices may lead to, and runes of a class taken one by one.</summary>
    private const int MaxProduct = 256;

    /// <summary>The most characters in all lists made on the way.</summary>
    private const int MaxLength = 1 << 20;

    /// <summary>The height of trees worth looking at: deeper ones are no simple patterns and would take call depth.</summary>
    private const int MaxHeight = 100;

    private int _length;

    private SequenceExpander()
    {
    }

    /// <summary>The list, in order of preference, or null.</summary>
    internal static IReadOnlyList<PieceSequence>? Expand(Node root) => root.Height > MaxHeight ? null : new SequenceExpander().Visit(root);

    private List<PieceSequence>? Visit(Node node) => node switch
    {
        EmptyNode => [PieceSequence.Empty],
        LiteralNode literal => VisitLiteral(literal),
        ClassNode { Set: var set } => VisitSet(set),
        AssertionNode { Kind: AssertionKinds.BeginText } => [PieceSequence.Beginning],
        AssertionNode { Kind: AssertionKinds.EndText } => [PieceSequence.Ending],
        CaptureNode capture => Visit(capture.Body),
        RepeatNode repeat => VisitRepeat(repeat),
        ConcatNode sequence => VisitSequence(sequence),
        AlternateNode choice => VisitChoice(choice),
        _ => null,
    };

    private static List<PieceSequence>? VisitLiteral(LiteralNode literal)
    {
        var text = new StringBuilder(literal.Runes.Count);
        foreach (int rune in literal.Runes)
        {
            if (!IsComparable(rune))
                return null;
            text.Append(new Rune(rune).ToString());
        }

        return [PieceSequence.Of(Piece.Text(text.ToString(), literal.FoldCase))];
    }

    // U+FFFD also matches bytes that are no UTF-8, and a surrogate nothing: neither can be compared as bytes.
    private static bool IsComparable(int rune) => rune != Rune.ReplacementChar.Value && Rune.IsValid(rune);

    private static List<PieceSequence>? VisitSet(RuneSet set)
    {
        if (set.Count > MaxProduct)
            return null;
        var sequences = new List<PieceSequence>(set.Count);
        foreach (int rune in set.Runes())
        {
            if (!IsComparable(rune))
                return null;
            sequences.Add(PieceSequence.Of(Piece.Text(new Rune(rune).ToString(), foldCase: false)));
        }

        return sequences.Count == 0 ? null : sequences;
    }

    private List<PieceSequence>? VisitRepeat(RepeatNode repeat)
    {
        if (repeat.Maximum == RepeatNode.Unbounded)
        {
            return repeat is { Body: ClassNode { Set.IsAny: true }, Minimum: 0 or 1 }
                ? [PieceSequence.Of(Piece.Gap(repeat.Minimum))]
                : null;
        }

        if (Visit(repeat.Body) is not { } body)
            return null;
        List<PieceSequence> power = [PieceSequence.Empty];
        List<PieceSequence> sequences = repeat.Minimum == 0 ? [PieceSequence.Empty] : [];
        for (int count = 1; count <= repeat.Maximum; count++)
        {
            if (Product(power, body) is not { } next || sequences.Count + next.Count > Math.Max(MaxProduct, body.Count))
                return null;
            power = next;
            if (count >= repeat.Minimum)
                sequences.AddRange(power);
        }

        return sequences;
    }

    private List<PieceSequence>? VisitSequence(ConcatNode sequence)
    {
        List<PieceSequence>? product = null;
        foreach (Node part in sequence.Parts)
        {
            if (Visit(part) is not { } next || (product = product is null ? next : Product(product, next)) is null)
                return null;
        }

        return product;
    }

    private List<PieceSequence>? VisitChoice(AlternateNode choice)
    {
        var union = new List<PieceSequence>(choice.Alternatives.Count);
        foreach (Node alternative in choice.Alternatives)
        {
            if (Visit(alternative) is not { } sequences)
                return null;
            union.AddRange(sequences);
        }

        return union;
    }

    private List<PieceSequence>? Product(List<PieceSequence> left, List<PieceSequence> right)
    {
        if (left.Count > 1 && right.Count > 1 && left.Count * (long)right.Count > MaxProduct)
            return null;
        var product = new List<PieceSequence>(left.Count * right.Count);
        foreach (PieceSequence first in left)
        {
            foreach (PieceSequence second in right)
            {
                if (first.Then(second) is not { } sequence || (_length += sequence.Length) > MaxLength)
                    return null;
                product.Add(sequence);
            }
        }

        return product;
    }
}
