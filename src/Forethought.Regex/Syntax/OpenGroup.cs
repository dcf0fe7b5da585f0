namespace Forethought.Regex.Syntax;

/// <summary>What has been parsed of a group whose closing parenthesis has not been seen; the whole pattern is one too.</summary>
internal sealed class OpenGroup(int capture, ParseFlags outerFlags)
{
    private const int None = -1;

    private readonly List<Node> _sequence = [];
    private readonly List<Node> _alternatives = [];

    /// <summary>The rune read last, if it is a literal: a repetition would apply to it alone, so it joins the text before it only later.</summary>
    private int _lastRune = None;

    private bool _lastFoldCase;

    /// <summary>The number of the capturing group, 0 if the group does not capture.</summary>
    internal int Capture => capture;

    /// <summary>The flags that hold again after the group.</summary>
    internal ParseFlags OuterFlags => outerFlags;

    internal void AddLiteral(int rune, bool foldCase)
    {
        SettleLast();
        (_lastRune, _lastFoldCase) = (rune, foldCase);
    }

    internal void Add(Node node)
    {
        SettleLast();
        _sequence.Add(node);
    }

    /// <summary>Takes the node that a repetition operator applies to; null if nothing stands before it.</summary>
    internal Node? TakeLast()
    {
        if (_lastRune != None)
        {
            var literal = new LiteralNode(_lastRune, _lastFoldCase);
            _lastRune = None;
            return literal;
        }

        if (_sequence.Count == 0)
            return null;
        Node last = _sequence[^1];
        _sequence.RemoveAt(_sequence.Count - 1);
        return last;
    }

    /// <summary>Ends the current alternative at a <c>|</c> or at the end of the group.</summary>
    internal Node EndAlternative()
    {
        SettleLast();
        Node alternative = ConcatNode.Of(_sequence);
        _sequence.Clear();
        _alternatives.Add(alternative);
        return alternative;
    }

    /// <summary>The whole group, whose last alternative must have been ended.</summary>
    internal Node Close() => AlternateNode.Of(_alternatives);

    /// <summary>Joins what is out of a repetition's reach, now that something follows, to the literal before it.</summary>
    private void SettleLast()
    {
        if (_sequence is [.., LiteralNode before, LiteralNode last] && before.FoldCase == last.FoldCase)
        {
            before.Append(last);
            _sequence.RemoveAt(_sequence.Count - 1);
        }

        if (_lastRune == None)
            return;
        if (_sequence is [.., LiteralNode text] && text.FoldCase == _lastFoldCase)
            text.Append(_lastRune);
        else
            _sequence.Add(new LiteralNode(_lastRune, _lastFoldCase));
        _lastRune = None;
    }
}
