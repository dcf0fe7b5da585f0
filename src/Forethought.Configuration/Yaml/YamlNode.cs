namespace Forethought.Configuration.Yaml;

/// <summary>A node of a YAML document and where it begins.</summary>
public abstract class YamlNode
{
    private protected YamlNode(int line, int column)
    {
        Line = line;
        Column = column;
    }

    /// <summary>The line the node begins on, from 1; 0 for a node that was not read from a document.</summary>
    public int Line { get; }

    /// <summary>The column the node begins in, from 1; 0 for a node that was not read from a document.</summary>
    public int Column { get; }
}
