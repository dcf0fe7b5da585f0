using Forethought.Encoding;
using Forethought.Http;

namespace Forethought.Configuration.Yaml;

/// <summary>A map from text to values of one type. A key twice is an error, also when one of them was merged in.</summary>
/// <typeparam name="T">The values' type.</typeparam>
internal sealed class YamlMap<T>(YamlType<T> value, string? name = null, YamlType<string>? key = null)
    : YamlType<ValueMap<T>>(name ?? "map[string]" + value.Name)
{
    private readonly YamlType<string> _key = key ?? YamlTypes.Text;

    public override ValueMap<T> Zero => ValueMap<T>.Empty;

    internal override ValueMap<T> Read(YamlDecoder decoder, YamlNode node, ValueMap<T> current)
    {
        var entries = new Dictionary<string, T>(StringComparer.Ordinal);
        ReadInto(decoder, node, entries);
        return new ValueMap<T>(entries);
    }

    internal override bool IsZero(ValueMap<T> map) => map.Count == 0;

    internal override YamlNode? Write(ValueMap<T> map) => new YamlMapping(
        [.. map.OrderBy(static entry => entry.Key, YamlKeyOrder.Instance).Select(entry => KeyValuePair.Create<YamlNode, YamlNode>(
            new YamlScalar(entry.Key, YamlTags.String, false), value.Write(entry.Value) ?? YamlTypes.NullNode))]);

    private void ReadInto(YamlDecoder decoder, YamlNode node, Dictionary<string, T> entries)
    {
        if (node is not YamlMapping mapping)
        {
            decoder.AddTypeError(node, Name);
            return;
        }

        foreach ((YamlNode keyNode, YamlNode valueNode) in mapping.Entries)
        {
            if (keyNode is YamlScalar { IsMergeKey: true })
            {
                decoder.Merge(valueNode, merged => ReadInto(decoder, merged, entries));
                continue;
            }

            int errors = decoder.TypeErrorCount;
            string name = decoder.Read(keyNode, _key, "");
            T item = decoder.Read(valueNode, value, value.Zero);
            if (decoder.TypeErrorCount == errors && !entries.TryAdd(name, item))
            {
                decoder.AddFieldError(valueNode, $"key {GoQuote.Quote(SurrogateEscape.ToBytes(name))} already set in map");
            }
        }
    }
}
