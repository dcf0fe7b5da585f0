using Forethought.Configuration.Sections;
using Forethought.Configuration.Yaml;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration;

/// <summary>The scrape configurations of a server: those of the main file and those of <c>scrape_config_files</c>.</summary>
public static class ScrapeConfigurationFiles
{
    /// <summary>
    /// All scrape configurations, those of the main file first. The other files are read each time; their relative paths are meant from
    /// their own directories.
    /// </summary>
    /// <exception cref="ConfigurationException">A file cannot be used, or a job name occurs twice; the message names the file.</exception>
    public static ValueList<ScrapeConfiguration> Load(PrometheusConfiguration configuration)
    {
        var all = new List<ScrapeConfiguration>(configuration.ScrapeConfigurations);
        var jobs = all.ToDictionary(static scrape => scrape.JobName, static _ => "main config file", StringComparer.Ordinal);
        foreach (string file in configuration.ScrapeConfigurationFiles.SelectMany(FileGlob.Expand))
        {
            string shown = GoQuote.Quote(Path.GetFullPath(file));
            try
            {
                foreach (ScrapeConfiguration scrape in YamlDecoder.Load(File.ReadAllBytes(file), ScrapeSection.File, []))
                {
                    ScrapeConfiguration completed = ScrapeInheritance.Complete(scrape, configuration.Global);
                    if (!jobs.TryAdd(completed.JobName, shown))
                    {
                        throw new ConfigurationException(
                            $"found multiple scrape configs with job name {GoQuote.Quote(completed.JobName)}, first found in {jobs[completed.JobName]}");
                    }

                    all.Add(completed.WithDirectory(ConfiguredPath.Clean(Path.GetDirectoryName(file) ?? "")));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ConfigurationException($"{shown}: {FileErrorText.Describe(file, e)}", e);
            }
            catch (Exception e) when (e is ConfigurationException or HttpConfigurationException)
            {
                throw new ConfigurationException($"{shown}: {e.Message}", e);
            }
        }

        return all.ToValueList();
    }
}
