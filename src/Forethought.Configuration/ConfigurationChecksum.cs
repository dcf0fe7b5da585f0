using System.Security.Cryptography;
using Forethought.Configuration.Yaml;
using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>
/// A checksum over a configuration file and the rule and scrape configuration files it names, for noticing changes
/// (feature <c>auto-reload-config</c>).
/// </summary>
public static class ConfigurationChecksum
{
    private static readonly YamlStruct<PrometheusConfiguration> Named = new YamlStruct<PrometheusConfiguration>(
        "config.ExternalFilesConfig", PrometheusConfiguration.Default)
        .Field("rule_files", YamlTypes.Texts, root => root.RuleFiles, (root, value) => root with { RuleFiles = value })
        .Field(
            "scrape_config_files",
            YamlTypes.Texts,
            root => root.ScrapeConfigurationFiles,
            (root, value) => root with { ScrapeConfigurationFiles = value });

    /// <summary>The checksum in hexadecimal. The file's other sections need not be valid.</summary>
    /// <exception cref="ConfigurationException">A file is not YAML or cannot be read.</exception>
    public static string Compute(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] content = Read(path, "error reading YAML file");
        hash.AppendData(content);
        PrometheusConfiguration named = NamedBy(content);
        string directory = ConfiguredPath.Clean(Path.GetDirectoryName(path) ?? "");
        Append(hash, "r\0"u8, directory, named.RuleFiles);
        Append(hash, "s\0"u8, directory, named.ScrapeConfigurationFiles);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Only the two lists are looked at, so that a mistake elsewhere does not hide a change.
    private static PrometheusConfiguration NamedBy(byte[] content)
    {
        if (YamlDocument.Parse(content) is not YamlMapping root)
        {
            return PrometheusConfiguration.Default;
        }

        var lists = root.Entries.Where(static entry => entry.Key is YamlScalar { Value: "rule_files" or "scrape_config_files" }).ToList();
        return YamlDecoder.Load(new YamlMapping(lists), Named, PrometheusConfiguration.Default);
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> prefix, string directory, ValueList<string> patterns)
    {
        foreach (string file in patterns.SelectMany(pattern => FileGlob.Expand(ConfiguredPath.Join(directory, pattern))))
        {
            hash.AppendData(prefix);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(file + "\0"));
            hash.AppendData(Read(file, "error reading file"));
            hash.AppendData("\0"u8);
        }
    }

    private static byte[] Read(string path, string problem)
    {
        try
        {
            return WholeFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{problem} {path}: {FileErrorText.Describe(path, e)}", e);
        }
    }
}
