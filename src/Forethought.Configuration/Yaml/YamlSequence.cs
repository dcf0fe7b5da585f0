namespace Forethought.Configuration.Yaml;

/// <summary>A sequence of nodes.</summary>
public sealed class YamlSequence : YamlNode
{
    internal YamlSequence(IReadOnlyList<YamlNode> items, bool isFlow = false, int line = 0, int column = 0)
        : base(line, column)
    {
        Items = items;
        IsFlow = isFlow;
    }

    /// <summary>The items, in order.</summary>
    public IReadOnlyList<YamlNode> Items { get; }

    /// <summary>Whether the sequence is written in brackets on one line.</summary>
    internal bool IsFlow { get; }
}
