namespace Forethought.Scrape;

/// <summary>A job's configuration is well-formed but cannot be used, because of a certificate file, say.</summary>
public sealed class ScrapeConfigurationException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public ScrapeConfigurationException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public ScrapeConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public ScrapeConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
