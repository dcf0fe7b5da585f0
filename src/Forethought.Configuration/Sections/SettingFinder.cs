using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Sections;

/// <summary>Finds where sections stand in a document.</summary>
internal static class SectionFinder
{
    /// <summary>The sections with one of the keys: at the top level, or in a scrape configuration or a group of Alertmanagers.</summary>
    internal static IEnumerable<UnsupportedSection> Find(YamlNode? root, IReadOnlySet<string> keys, string file)
    {
        if (root is not YamlMapping mapping)
        {
            yield break;
        }

        foreach (UnsupportedSection section in FindIn(mapping, keys, file))
        {
            yield return section;
        }

        if (mapping.TryGet("scrape_configs", out _, out YamlNode scrapes) && scrapes is YamlSequence sequence)
        {
            foreach (UnsupportedSection section in sequence.Items.OfType<YamlMapping>().SelectMany(item => FindIn(item, keys, file)))
            {
                yield return section;
            }
        }
    }

    private static IEnumerable<UnsupportedSection> FindIn(YamlMapping mapping, IReadOnlySet<string> keys, string file) =>
        from entry in mapping.Entries
        where entry.Key is YamlScalar key && keys.Contains(key.Value) && entry.Value is not YamlScalar { IsNull: true }
        select new UnsupportedSection(((YamlScalar)entry.Key).Value, file, entry.Key.Line);
}
