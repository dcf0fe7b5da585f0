namespace Forethought.Configuration.Yaml;

/// <summary>
/// How a value of one type is read from YAML and written back: what Go's struct tags and unmarshalers say upstream, as objects.
/// Instances are immutable and shared.
/// </summary>
/// <typeparam name="T">The value's type.</typeparam>
public abstract class YamlType<T>
{
    private protected YamlType(string name) => Name = name;

    /// <summary>The type's name in errors; users know Go's.</summary>
    public string Name { get; }

    /// <summary>The value of a null.</summary>
    public abstract T Zero { get; }

    /// <summary>Reads a node that is neither null nor an alias.</summary>
    internal abstract T Read(YamlDecoder decoder, YamlNode node, T current);

    /// <summary>Whether a field with this value is left out when it may be.</summary>
    internal abstract bool IsZero(T value);

    /// <summary>The value as a node for printing; <see langword="null"/> prints as <c>null</c>.</summary>
    internal abstract YamlNode? Write(T value);
}
