namespace Forethought.Regex.Syntax;

/// <summary>Two or more alternatives; an earlier one is preferred.</summary>
internal sealed class AlternateNode : Node
{
    private AlternateNode(Node[] alternatives)
    {
        Alternatives = alternatives;
        Height = 1 + alternatives.Max(node => node.Height);
        RepeatProduct = alternatives.Max(node => node.RepeatProduct);
        Size = alternatives.Sum(node => node.Size) + alternatives.Length - 1;
        MatchesEmpty = Array.Exists(alternatives, node => node.MatchesEmpty);
    }

    internal IReadOnlyList<Node> Alternatives { get; }

    internal override long Size { get; }

    internal override bool MatchesEmpty { get; }

    /// <summary>
    /// The choice between <paramref name="alternatives"/>: inner choices flattened, neighbours of one rune each joined to a set
    /// (which of them matched makes no difference).
    /// </summary>
    internal static Node Of(IReadOnlyList<Node> alternatives)
    {
        List<Node> flat = Flatten(alternatives);
        var joined = new List<Node>(flat.Count);
        for (int i = 0; i < flat.Count;)
        {
            int end = i;
            while (end < flat.Count && IsOneRune(flat[end]))
                end++;
            if (end - i < 2)
            {
                joined.Add(flat[i++]);
                continue;
            }

            joined.Add(Join(flat, i, end));
            i = end;
        }

        return joined.Count == 1 ? joined[0] : new AlternateNode([.. joined]);
    }

    private static List<Node> Flatten(IReadOnlyList<Node> alternatives)
    {
        var flat = new List<Node>(alternatives.Count);
        foreach (Node alternative in alternatives)
        {
            if (alternative is AlternateNode inner)
                flat.AddRange(inner.Alternatives);
            else
                flat.Add(alternative);
        }

        return flat;
    }

    private static bool IsOneRune(Node node) => node is ClassNode or LiteralNode { Runes.Count: 1 };

    private static ClassNode Join(List<Node> nodes, int start, int end)
    {
        var builder = new RuneSetBuilder();
        for (int i = start; i < end; i++)
        {
            if (nodes[i] is ClassNode set)
                builder.AddSet(set.Set);
            else if (nodes[i] is LiteralNode literal)
                builder.AddRange(literal.Runes[0], literal.Runes[0], literal.FoldCase);
        }

        return new ClassNode(builder.Build());
    }
}
