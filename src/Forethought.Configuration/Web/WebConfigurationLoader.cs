using Forethought.Configuration.Sections;
using Forethought.Configuration.Yaml;
using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>Reads the file of <c>--web.config.file</c>.</summary>
public static class WebConfigurationLoader
{
    /// <summary>Loads a file and joins its relative paths to its directory.</summary>
    /// <exception cref="ConfigurationException">The file cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WebConfiguration Load(string path)
    {
        WebConfiguration configuration = LoadText(WholeFile.Read(path));
        return configuration with { Tls = configuration.Tls.WithDirectory(ConfiguredPath.Clean(Path.GetDirectoryName(path) ?? "")) };
    }

    /// <summary>Loads a text; relative paths stay as they are.</summary>
    /// <exception cref="ConfigurationException">The text cannot be used.</exception>
    public static WebConfiguration LoadText(ReadOnlySpan<byte> utf8)
    {
        WebConfiguration configuration = YamlDecoder.Load(utf8, WebSection.Root, WebConfiguration.Default);
        WebSection.Validate(configuration);
        return configuration;
    }
}
