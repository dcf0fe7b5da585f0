using Forethought.Configuration.Sections;
using Forethought.Configuration.Yaml;
using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>Target groups in YAML, as discovery files hold them.</summary>
public static class TargetGroupDocument
{
    /// <summary>Reads a list of groups; an empty document has none.</summary>
    /// <exception cref="ConfigurationException">The text is not a list of groups.</exception>
    public static ValueList<StaticTargetGroup> ParseYaml(ReadOnlySpan<byte> utf8)
    {
        ValueList<StaticTargetGroup> groups = YamlDecoder.Load(utf8, DiscoverySections.Groups, []);
        return groups.Any(static group => group is null) ? throw new ConfigurationException("nil target group item found") : groups;
    }
}
