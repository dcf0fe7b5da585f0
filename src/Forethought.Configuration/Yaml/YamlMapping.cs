namespace Forethought.Configuration.Yaml;

/// <summary>A mapping, its entries in the order of the document; keys may repeat.</summary>
public sealed class YamlMapping : YamlNode
{
    internal YamlMapping(IReadOnlyList<KeyValuePair<YamlNode, YamlNode>> entries, int line = 0, int column = 0)
        : base(line, column) => Entries = entries;

    /// <summary>The entries.</summary>
    public IReadOnlyList<KeyValuePair<YamlNode, YamlNode>> Entries { get; }

    /// <summary>The value of the first entry with this key and the key's node; aliases and merge keys are not followed.</summary>
    internal bool TryGet(string key, out YamlNode keyNode, out YamlNode value)
    {
        foreach (KeyValuePair<YamlNode, YamlNode> entry in Entries)
        {
            if (entry.Key is YamlScalar scalar && scalar.Value == key)
            {
                (keyNode, value) = entry;
                return true;
            }
        }

        keyNode = value = this;
        return false;
    }
}
