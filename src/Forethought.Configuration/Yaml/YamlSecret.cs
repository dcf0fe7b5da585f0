using Forethought.Http;

namespace Forethought.Configuration.Yaml;

/// <summary>A secret: read as text, printed as its mask.</summary>
internal sealed class YamlSecret() : YamlType<Secret>("config.plain")
{
    private static readonly YamlText Text = new("config.plain");

    public override Secret Zero => default;

    internal override Secret Read(YamlDecoder decoder, YamlNode node, Secret current) => new(Text.Read(decoder, node, current.Reveal()));

    internal override bool IsZero(Secret value) => value.IsEmpty;

    internal override YamlNode? Write(Secret value) => value.IsEmpty ? null : new YamlScalar(Secret.Mask, YamlTags.String, false);
}
