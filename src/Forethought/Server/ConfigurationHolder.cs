using Forethought.Configuration;

namespace Forethought.Server;

/// <summary>Loads the configuration file and holds the one that is in force. Thread-safe.</summary>
internal sealed class ConfigurationHolder
{
    private readonly string _path;
    private readonly ConfigurationOptions _options;
    private PrometheusConfiguration _current;

    /// <summary>Loads the file for the first time.</summary>
    /// <exception cref="ConfigurationException">The file is invalid.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ConfigurationHolder(string path, ConfigurationOptions options)
    {
        _path = path;
        _options = options;
        _current = Load();
    }

    /// <summary>The configuration in force.</summary>
    public PrometheusConfiguration Current => Volatile.Read(ref _current);

    /// <summary>The file.</summary>
    public string Path => _path;

    /// <summary>Reads the file anew; what is in force stays as it is.</summary>
    /// <exception cref="ConfigurationException">The file is invalid; the text names file, line and key.</exception>
    public PrometheusConfiguration Load()
    {
        try
        {
            return ConfigurationLoader.Load(_path, _options);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException || _path.Length == 0)
        {
            throw new ConfigurationException($"open {_path}: no such file or directory", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            bool isDirectory = Directory.Exists(_path);
            throw new ConfigurationException(
                isDirectory ? $"read {_path}: is a directory" : $"open {_path}: permission denied", exception);
        }
        catch (IOException exception)
        {
            throw new ConfigurationException($"open {_path}: {exception.Message}", exception);
        }
    }

    /// <summary>Puts a configuration in force.</summary>
    public void Switch(PrometheusConfiguration configuration) => Volatile.Write(ref _current, configuration);
}
