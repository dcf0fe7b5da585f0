using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;

namespace Forethought.Configuration.Sections;

/// <summary>
/// The registry of discovery sections: each mechanism contributes its key and how its items are read. Sections that take discovery
/// (scrape configurations, groups of Alertmanagers) get all of them.
/// </summary>
internal static class DiscoverySections
{
    private const string StaticKey = "static_configs";

    // The anonymous struct upstream reads a group into.
    private const string GroupName = """struct { Targets []string "yaml:\"targets\""; Labels model.LabelSet "yaml:\"labels\"" }""";

    private static readonly YamlStruct<StaticTargetGroup> Group =
        new YamlStruct<StaticTargetGroup>(GroupName, null!, static _ => StaticTargetGroup.Empty)
        .Field("targets", YamlTypes.Texts, group => group.Targets, (group, value) => group with { Targets = value }, keepZero: true)
        .Field("labels", YamlTypes.LabelSet, group => group.Labels, (group, value) => group with { Labels = value });

    /// <summary>Target groups as in <c>static_configs</c> and in files; null items are <see langword="null"/>.</summary>
    internal static readonly YamlList<StaticTargetGroup> Groups = new(Group, "[]*targetgroup.Group");

    private static readonly SortedDictionary<string, YamlList<DiscoveryConfiguration>> Lists = new(Registered(), StringComparer.Ordinal);

    /// <summary>The keys of the mechanisms that are only known, not implemented.</summary>
    internal static IReadOnlySet<string> GenericKeys { get; } =
        DiscoveryMechanisms.All.Select(static mechanism => mechanism.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Adds the keys of all mechanisms to a section.</summary>
    internal static YamlStruct<T> AddTo<T>(
        YamlStruct<T> section, Func<T, ValueList<DiscoveryConfiguration>> get, Func<T, ValueList<DiscoveryConfiguration>, T> set)
    {
        foreach ((string key, YamlList<DiscoveryConfiguration> list) in Lists)
        {
            string mechanism = key == StaticKey ? "static" : key[..^"_sd_configs".Length];
            section.Add(new YamlField<T>(
                key,
                (decoder, node, value) =>
                    set(value, [.. get(value).Where(item => item.Mechanism != mechanism), .. ReadItems(decoder, node, key, list)]),
                value => WriteItems(list, get(value).Where(item => item.Mechanism == mechanism).ToValueList())));
        }

        return section;
    }

    /// <summary>The items by mechanism, static ones last, as upstream keeps them; refuses null items.</summary>
    internal static ValueList<DiscoveryConfiguration> Ordered(ValueList<DiscoveryConfiguration> items)
    {
        DiscoveryConfiguration[] ordered =
            [.. items.OrderBy(static item => item.Mechanism == "static").ThenBy(static item => item.Mechanism, StringComparer.Ordinal)];
        return Array.Find(ordered, static item => item is NullDiscoveryConfiguration) is NullDiscoveryConfiguration missing
            ? throw new ConfigurationException($"empty or null section in {missing.Key}")
            : ValueLists.Create<DiscoveryConfiguration>(ordered);
    }

    /// <summary>Refuses URLs where host names belong.</summary>
    internal static void CheckStaticTargets(ValueList<DiscoveryConfiguration> items)
    {
        foreach (StaticTargetGroup group in items.OfType<StaticDiscoveryConfiguration>().SelectMany(static item => item.Groups))
        {
            foreach (string target in group.Targets)
            {
                if (target.Contains('/', StringComparison.Ordinal))
                {
                    throw new ConfigurationException($"{GoQuote.Quote(target)} is not a valid hostname");
                }
            }
        }
    }

    private static Dictionary<string, YamlList<DiscoveryConfiguration>> Registered()
    {
        var lists = new Dictionary<string, YamlList<DiscoveryConfiguration>>(StringComparer.Ordinal)
        {
            [StaticKey] = ListOf(StaticItem(), "[]*targetgroup.Group"),
            ["file_sd_configs"] = ListOf(FileItem(), "[]*file.SDConfig"),
            ["http_sd_configs"] = ListOf(HttpItem(), "[]*http.SDConfig"),
        };
        foreach (DiscoveryMechanism mechanism in DiscoveryMechanisms.All)
        {
            lists.Add(mechanism.Key, ListOf(mechanism.Type, $"[]*{mechanism.GoType}"));
        }

        return lists;
    }

    private static YamlList<DiscoveryConfiguration> ListOf<T>(YamlType<T> item, string name)
        where T : DiscoveryConfiguration =>
        new(new YamlDerived<DiscoveryConfiguration, T>(item), name);

    private static ValueList<DiscoveryConfiguration> ReadItems(
        YamlDecoder decoder, YamlNode node, string key, YamlList<DiscoveryConfiguration> list)
    {
        ValueList<DiscoveryConfiguration> items = decoder.Read(node, list, []);
        if (items.Any(static item => item is null))
        {
            return [new NullDiscoveryConfiguration(key)];
        }

        return key == StaticKey && items.Count > 0
            ? [new StaticDiscoveryConfiguration(items.SelectMany(static item => ((StaticDiscoveryConfiguration)item).Groups).ToValueList())]
            : items;
    }

    private static YamlNode? WriteItems(YamlList<DiscoveryConfiguration> list, ValueList<DiscoveryConfiguration> items) => items switch
    {
        [] => null,
        [StaticDiscoveryConfiguration statics] => Groups.Write(statics.Groups),
        _ => list.Write(items),
    };

    private static YamlStruct<StaticDiscoveryConfiguration> StaticItem() => new YamlStruct<StaticDiscoveryConfiguration>(
        Group.Name, null!, static _ => new StaticDiscoveryConfiguration([StaticTargetGroup.Empty]))
        .Inline(Group, static item => item.Groups[0], static (_, value) => new StaticDiscoveryConfiguration([value]));

    private static YamlStruct<FileDiscoveryConfiguration> FileItem() => new YamlStruct<FileDiscoveryConfiguration>(
        "file.plain", null!, static _ => FileDiscoveryConfiguration.Default, Checked)
        .Field("files", YamlTypes.Texts, item => item.Files, (item, value) => item with { Files = value }, keepZero: true)
        .Field(
            "refresh_interval",
            YamlTypes.Duration,
            item => item.RefreshInterval,
            (item, value) => item with { RefreshInterval = value });

    private static YamlStruct<HttpDiscoveryConfiguration> HttpItem() => new YamlStruct<HttpDiscoveryConfiguration>(
        "http.plain", null!, static _ => HttpDiscoveryConfiguration.Default, Checked)
        .Inline(HttpSections.Client, item => item.Http, (item, value) => item with { Http = value })
        .Field("refresh_interval", YamlTypes.Duration, item => item.RefreshInterval, (item, value) => item with { RefreshInterval = value })
        .Field("url", YamlTypes.Text, item => item.Url, (item, value) => item with { Url = value }, keepZero: true);

    private static FileDiscoveryConfiguration Checked(FileDiscoveryConfiguration item)
    {
        if (item.Files.Count == 0)
        {
            throw new ConfigurationException("file service discovery config must contain at least one path name");
        }

        foreach (string file in item.Files)
        {
            if (!FilePatterns.IsDiscoveryFile(file))
            {
                throw new ConfigurationException($"path name {GoQuote.Quote(file)} is not valid for file discovery");
            }
        }

        return item;
    }

    private static HttpDiscoveryConfiguration Checked(HttpDiscoveryConfiguration item)
    {
        DiscoveryChecks.RequireHttpUrl(item.Url);
        return item with { Http = item.Http.Validated() };
    }
}
