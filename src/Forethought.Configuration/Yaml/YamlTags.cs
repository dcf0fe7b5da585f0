namespace Forethought.Configuration.Yaml;

/// <summary>The tags of YAML's own types, in their short form.</summary>
internal static class YamlTags
{
    internal const string Null = "!!null";
    internal const string Boolean = "!!bool";
    internal const string String = "!!str";
    internal const string Integer = "!!int";
    internal const string Float = "!!float";
    internal const string Timestamp = "!!timestamp";
    internal const string Sequence = "!!seq";
    internal const string Mapping = "!!map";
    internal const string Binary = "!!binary";
    internal const string Merge = "!!merge";

    private const string Prefix = "tag:yaml.org,2002:";

    internal static string Shorten(string tag) =>
        tag.StartsWith(Prefix, StringComparison.Ordinal) ? string.Concat("!!", tag.AsSpan(Prefix.Length)) : tag;
}
