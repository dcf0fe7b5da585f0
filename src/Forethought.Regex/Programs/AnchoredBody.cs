using Forethought.Regex.Syntax;

namespace Forethought.Regex.Programs;

/// <summary>A syntax tree whose outermost <c>^</c> and <c>$</c> are taken off and remembered.</summary>
internal readonly record struct AnchoredBody(Node Root, bool AnchoredStart, bool AnchoredEnd)
{
    /// <summary>Takes the anchors off that every match must pass.</summary>
    internal static AnchoredBody Of(Node root)
    {
        IReadOnlyList<Node> parts = root is ConcatNode sequence ? sequence.Parts : [root];
        int start = 0, end = parts.Count;
        while (start < end && parts[start] is AssertionNode { Kind: AssertionKinds.BeginText })
            start++;
        while (end > start && parts[end - 1] is AssertionNode { Kind: AssertionKinds.EndText })
            end--;
        if (end - start == parts.Count)
            return new AnchoredBody(root, AnchoredStart: false, AnchoredEnd: false);

        Node body = ConcatNode.Of([.. parts.Skip(start).Take(end - start)]);
        return new AnchoredBody(body, AnchoredStart: start > 0, AnchoredEnd: end < parts.Count);
    }
}
