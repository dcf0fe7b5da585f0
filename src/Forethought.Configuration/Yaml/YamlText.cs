namespace Forethought.Configuration.Yaml;

/// <summary>A string; every scalar is acceptable and keeps its spelling.</summary>
internal sealed class YamlText(string name = "string") : YamlType<string>(name)
{
    public override string Zero => "";

    internal override string Read(YamlDecoder decoder, YamlNode node, string current)
    {
        if (node is YamlScalar scalar)
        {
            ResolvedScalar resolved = ScalarResolver.Resolve(scalar);
            return resolved.Kind == ScalarKind.Binary ? resolved.Text : scalar.Value;
        }

        decoder.AddTypeError(node, Name);
        return current;
    }

    internal override bool IsZero(string value) => value.Length == 0;

    internal override YamlNode? Write(string value) => new YamlScalar(value, YamlTags.String, false);
}
