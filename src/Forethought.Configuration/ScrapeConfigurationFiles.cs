using Forethought.Configuration.Sections;
using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>The scrape configurations of a server: those of the main file and those of <c>scrape_config_files</c>.</summary>
public sealed class ScrapeConfigurationFiles
{
    private readonly PrometheusConfiguration _main;
    private readonly IReadOnlyCollection<string> _unsupported;
    private readonly List<ScrapeConfiguration> _jobs;
    private readonly Dictionary<string, string> _placeByJob;
    private readonly List<UnsupportedSetting> _found = [];

    private ScrapeConfigurationFiles(PrometheusConfiguration main, IReadOnlyCollection<string> unsupported)
    {
        _main = main;
        _unsupported = unsupported;
        _jobs = [.. main.ScrapeConfigurations];
        _placeByJob = _jobs.ToDictionary(static job => job.JobName, static _ => "main config file", StringComparer.Ordinal);
    }

    /// <summary>All scrape configurations, those of the main file first.</summary>
    public ValueList<ScrapeConfiguration> Jobs => _jobs.ToValueList();

    /// <summary>Settings of the other files that are set but whose feature is not there.</summary>
    public ValueList<UnsupportedSetting> UnsupportedSettings => _found.ToValueList();

    /// <summary>
    /// Reads the files that the configuration names; each call reads them anew. Their relative paths are meant from their own directories.
    /// </summary>
    /// <param name="main">The main file's configuration.</param>
    /// <param name="unsupportedSettings">What to look for, as in <see cref="ConfigurationOptions.UnsupportedSettings"/>.</param>
    /// <exception cref="ConfigurationException">A file cannot be used, or a job name occurs twice; the message names the file.</exception>
    public static ScrapeConfigurationFiles Load(PrometheusConfiguration main, IReadOnlyCollection<string>? unsupportedSettings = null)
    {
        var all = new ScrapeConfigurationFiles(main, unsupportedSettings ?? []);
        foreach (string file in main.ScrapeConfigurationFiles.SelectMany(FileGlob.Expand))
        {
            all.Add(file);
        }

        return all;
    }

    private void Add(string file)
    {
        string shown = GoQuote.Quote(Path.GetFullPath(file));
        try
        {
            YamlNode? root = YamlDocument.Parse(WholeFile.Read(file));
            foreach (ScrapeConfiguration scrape in root is null ? [] : YamlDecoder.Load(root, ScrapeSection.File, []))
            {
                Add(ScrapeInheritance.Complete(scrape, _main.Global).WithDirectory(ConfiguredPath.Clean(Path.GetDirectoryName(file) ?? "")), shown);
            }

            _found.AddRange(SettingFinder.Find(root, _unsupported, file));
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

    private void Add(ScrapeConfiguration job, string place)
    {
        if (!_placeByJob.TryAdd(job.JobName, place))
        {
            throw new ConfigurationException(
                $"found multiple scrape configs with job name {GoQuote.Quote(job.JobName)}, first found in {_placeByJob[job.JobName]}");
        }

        _jobs.Add(job);
    }
}
