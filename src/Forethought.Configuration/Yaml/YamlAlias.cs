namespace Forethought.Configuration.Yaml;

/// <summary>A reference to an anchored node that stands earlier in the document.</summary>
public sealed class YamlAlias : YamlNode
{
    private readonly YamlNode? _target;

    internal YamlAlias(string name, YamlNode? target, int line, int column)
        : base(line, column)
    {
        Name = name;
        _target = target;
    }

    /// <summary>The anchor's name.</summary>
    public string Name { get; }

    /// <summary>The anchored node.</summary>
    /// <exception cref="ConfigurationException">The anchor encloses this alias.</exception>
    public YamlNode Target => _target ?? throw new ConfigurationException($"yaml: anchor '{Name}' value contains itself");
}
