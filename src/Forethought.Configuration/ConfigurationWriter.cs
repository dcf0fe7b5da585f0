using Forethought.Configuration.Sections;
using Forethought.Configuration.Yaml;

namespace Forethought.Configuration;

/// <summary>
/// Prints a loaded configuration as upstream's <c>/api/v1/status/config</c> shows it: defaults filled in, keys in upstream's order, secrets
/// and passwords masked.
/// </summary>
public static class ConfigurationWriter
{
    /// <summary>The configuration as YAML.</summary>
    public static string Write(PrometheusConfiguration configuration) => YamlWriter.Print(ConfigurationSection.Root.Write(configuration)!);

    /// <summary>One scrape configuration as YAML, as <c>/api/v1/scrape_pools</c>'s configuration view shows it.</summary>
    public static string Write(ScrapeConfiguration scrape) => YamlWriter.Print(ScrapeSection.Scrape.Write(scrape)!);
}
