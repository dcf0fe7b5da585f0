namespace Forethought.Configuration;

/// <summary>A configuration file cannot be used. The message is the text Prometheus shows for the same file.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Makes the exception with the text a user sees.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with the text a user sees and its cause.</summary>
    public ConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
