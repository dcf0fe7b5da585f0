namespace Forethought.Regex.Syntax;

/// <summary>A string of runes, perhaps regardless of case.</summary>
internal sealed class LiteralNode : Node
{
    private readonly List<int> _runes;

    internal LiteralNode(int rune, bool foldCase)
    {
        _runes = [rune];
        FoldCase = foldCase;
    }

    internal IReadOnlyList<int> Runes => _runes;

    internal bool FoldCase { get; }

    internal override long Size => _runes.Count;

    internal override bool MatchesEmpty => false;

    /// <summary>Appends a neighbour. Only while the surrounding sequence is being parsed, before any node holds this one.</summary>
    internal void Append(int rune) => _runes.Add(rune);

    /// <inheritdoc cref="Append(int)"/>
    internal void Append(LiteralNode other) => _runes.AddRange(other._runes);
}
