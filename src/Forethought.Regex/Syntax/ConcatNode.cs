namespace Forethought.Regex.Syntax;

/// <summary>Two or more nodes one after the other.</summary>
internal sealed class ConcatNode : Node
{
    private ConcatNode(Node[] parts)
    {
        Parts = parts;
        Height = 1 + parts.Max(part => part.Height);
        RepeatProduct = parts.Max(part => part.RepeatProduct);
        Size = parts.Sum(part => part.Size);
        MatchesEmpty = Array.TrueForAll(parts, part => part.MatchesEmpty);
    }

    internal IReadOnlyList<Node> Parts { get; }

    internal override long Size { get; }

    internal override bool MatchesEmpty { get; }

    /// <summary>The sequence of <paramref name="parts"/>, inner sequences flattened into it.</summary>
    internal static Node Of(IReadOnlyList<Node> parts)
    {
        if (parts.Count == 0)
            return EmptyNode.Instance;
        if (parts.Count == 1)
            return parts[0];

        var flat = new List<Node>(parts.Count);
        foreach (Node part in parts)
        {
            if (part is ConcatNode inner)
                flat.AddRange(inner.Parts);
            else
                flat.Add(part);
        }

        return new ConcatNode([.. flat]);
    }
}
