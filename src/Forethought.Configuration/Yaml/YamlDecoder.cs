
namespace Forethought.Configuration.Yaml;

/// <summary>
/// Turns nodes into values, strictly, and with the errors of Go's yaml.v2: wrong types and unknown or repeated fields are collected and
/// reported together, everything else stops at once. For one document and one thread.
/// </summary>
public sealed class YamlDecoder
{
    private readonly List<string> _typeErrors = [];
    private int _decodeCount;
    private int _aliasCount;
    private int _aliasDepth;
    private int _depth;

    /// <summary>How many wrong types and fields were found so far.</summary>
    public int TypeErrorCount => _typeErrors.Count;

    /// <summary>Reads a document; an empty one is worth <paramref name="ifEmpty"/>.</summary>
    /// <exception cref="ConfigurationException">The text is not YAML or does not fit the type.</exception>
    public static T Load<T>(ReadOnlySpan<byte> utf8, YamlType<T> type, T ifEmpty) =>
        YamlDocument.Parse(utf8) is { } root ? Load(root, type, ifEmpty) : ifEmpty;

    /// <summary>Reads a document whose nodes are already there.</summary>
    /// <exception cref="ConfigurationException">The nodes do not fit the type.</exception>
    public static T Load<T>(YamlNode root, YamlType<T> type, T current)
    {
        var decoder = new YamlDecoder();
        T value = decoder.Read(root, type, current);
        return decoder._typeErrors.Count == 0
            ? value
            : throw new ConfigurationException("yaml: unmarshal errors:\n  " + string.Join("\n  ", decoder._typeErrors));
    }

    /// <summary>Reads one node; null gives the type's zero value, errors leave <paramref name="current"/>.</summary>
    public T Read<T>(YamlNode node, YamlType<T> type, T current)
    {
        CountAgainstExpansion();
        if (node is YamlScalar { IsNull: true })
        {
            return type.Zero;
        }

        Enter(node);
        T value = node is YamlAlias alias ? Read(alias.Target, type, current) : type.Read(this, node, current);
        Leave(node);
        return value;
    }

    /// <summary>
    /// Calls <paramref name="read"/> with each mapping that the value of a merge key brings in, what takes precedence last.
    /// </summary>
    internal void Merge(YamlNode value, Action<YamlMapping> read)
    {
        foreach (YamlNode source in value is YamlSequence sequence ? sequence.Items.Reverse() : [value])
        {
            YamlMapping mapping = source as YamlMapping ?? (source as YamlAlias)?.Target as YamlMapping
                ?? throw new ConfigurationException("yaml: map merge requires map or sequence of maps as the value");
            CountAgainstExpansion();
            Enter(source);
            read(mapping);
            Leave(source);
        }
    }

    /// <summary>Notes that a node has the wrong type.</summary>
    internal void AddTypeError(YamlNode node, string wantedType)
    {
        (string tag, string shown) = node switch
        {
            YamlMapping => (YamlTags.Mapping, ""),
            YamlSequence => (YamlTags.Sequence, ""),
            YamlScalar scalar => (scalar.Tag.Length > 0 ? scalar.Tag : ScalarResolver.Resolve(scalar).Tag, $" `{Abbreviate(scalar.Value)}`"),
            _ => ("", ""),
        };
        _typeErrors.Add($"line {node.Line}: cannot unmarshal {tag}{shown} into {wantedType}");
    }

    /// <summary>Notes an error of a field or key.</summary>
    internal void AddFieldError(YamlNode node, string text) => _typeErrors.Add($"line {node.Line}: {text}");

    private void Enter(YamlNode node)
    {
        _aliasDepth += node is YamlAlias ? 1 : 0;
        if (++_depth > YamlDocument.MaxDepth)
        {
            throw new ConfigurationException($"yaml: exceeded max depth of {YamlDocument.MaxDepth}");
        }
    }

    private void Leave(YamlNode node)
    {
        _aliasDepth -= node is YamlAlias ? 1 : 0;
        _depth--;
    }

    private static string Abbreviate(string value)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
        return bytes.Length > 10 ? System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, 7)) + "..." : value;
    }

    // yaml.v2's guard against "billion laughs": the share of work caused by aliases, stricter for larger documents.
    private void CountAgainstExpansion()
    {
        _decodeCount++;
        _aliasCount += _aliasDepth > 0 ? 1 : 0;
        if (_aliasCount <= 100 || _decodeCount <= 1000)
        {
            return;
        }

        double allowed = 0.99 - (0.89 * Math.Clamp((_decodeCount - 400_000) / 3_600_000d, 0, 1));
        if ((double)_aliasCount / _decodeCount > allowed)
        {
            throw new ConfigurationException("yaml: document contains excessive aliasing");
        }
    }
}
