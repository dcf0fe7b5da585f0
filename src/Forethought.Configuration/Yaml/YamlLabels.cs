using Forethought.Encoding;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration.Yaml;

/// <summary>A set of labels. Names and values must be UTF-8; the naming scheme is checked by whoever knows it.</summary>
internal sealed class YamlLabels() : YamlType<Labels>("map[string]string")
{
    public override Labels Zero => Labels.Empty;

    internal override Labels Read(YamlDecoder decoder, YamlNode node, Labels current)
    {
        ValueMap<string> map = YamlTypes.TextMap.Read(decoder, node, ValueMap<string>.Empty);
        var builder = new LabelsBuilder();
        foreach ((string name, string value) in map)
        {
            if (name.Length == 0 || SurrogateEscape.IsPresent(name))
            {
                throw new ConfigurationException($"{GoQuote.Quote(SurrogateEscape.ToBytes(name))} is not a valid label name");
            }

            if (SurrogateEscape.IsPresent(value))
            {
                throw new ConfigurationException($"{GoQuote.Quote(SurrogateEscape.ToBytes(value))} is not a valid label value");
            }

            builder.Set(name, value);
        }

        return builder.ToLabels();
    }

    internal override bool IsZero(Labels value) => value.IsEmpty;

    internal override YamlNode? Write(Labels value)
    {
        var entries = new List<KeyValuePair<YamlNode, YamlNode>>();
        foreach (Label label in value)
        {
            entries.Add(KeyValuePair.Create<YamlNode, YamlNode>(Text(label.Name), Text(label.Value)));
        }

        return new YamlMapping([.. entries.OrderBy(static entry => ((YamlScalar)entry.Key).Value, YamlKeyOrder.Instance)]);
    }

    private static YamlScalar Text(ReadOnlySpan<byte> utf8) => new(System.Text.Encoding.UTF8.GetString(utf8), YamlTags.String, false);
}
