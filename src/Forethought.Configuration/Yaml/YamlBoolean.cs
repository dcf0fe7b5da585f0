namespace Forethought.Configuration.Yaml;

/// <summary>A boolean.</summary>
internal sealed class YamlBoolean() : YamlType<bool>("bool")
{
    public override bool Zero => false;

    internal override bool Read(YamlDecoder decoder, YamlNode node, bool current)
    {
        if (node is YamlScalar scalar && ScalarResolver.Resolve(scalar) is { Kind: ScalarKind.Boolean } resolved)
        {
            return resolved.Boolean;
        }

        decoder.AddTypeError(node, Name);
        return current;
    }

    internal override bool IsZero(bool value) => !value;

    internal override YamlNode? Write(bool value) => new YamlScalar(value ? "true" : "false", "", true);
}
