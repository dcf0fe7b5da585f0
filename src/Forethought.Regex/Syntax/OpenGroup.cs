namespace Forethought.Regex.Syntax;

/// <summary>What has been parsed of a group whose closing parenthesis has not been seen; the whole pattern is one too.</summary>
internal sealed class OpenGroup(int capture, ParseFlags outerFlags)
{
    private readonly List<Node> _sequence = [];
    private readonly List<Node> _alternatives = [];

    /// <summary>The number of the capturing group, 0 if the group does not capture.</summary>
    internal int Capture => capture;

    /// <summary>The flags that hold again after the group.</summary>
    internal ParseFlags OuterFlags => outerFlags;

    /// <summary>What a repetition operator applies to; null if nothing stands before it.</summary>
    internal Node? Last => _sequence.Count == 0 ? null : _sequence[^1];

    /// <summary>Appends to the current alternative. The node before is out of a repetition's reach now: literals are joined.</summary>
    internal void Add(Node node)
    {
        JoinLiterals();
        _sequence.Add(node);
    }

    internal void ReplaceLast(Node node) => _sequence[^1] = node;

    /// <summary>Ends the current alternative at a <c>|</c> or at the end of the group.</summary>
    internal Node EndAlternative()
    {
        JoinLiterals();
        Node alternative = ConcatNode.Of(_sequence);
        _sequence.Clear();
        _alternatives.Add(alternative);
        return alternative;
    }

    /// <summary>The whole group, whose last alternative must have been ended.</summary>
    internal Node Close() => AlternateNode.Of(_alternatives);

    private void JoinLiterals()
    {
        if (_sequence is not [.., LiteralNode before, LiteralNode last] || before.FoldCase != last.FoldCase)
            return;
        before.Append(last);
        _sequence.RemoveAt(_sequence.Count - 1);
    }
}
