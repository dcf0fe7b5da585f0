namespace Forethought.Http;

/// <summary>
/// The settings of an HTTP client contradict each other or name unusable files. The message is Prometheus' own text.
/// </summary>
public sealed class HttpConfigurationException : Exception
{
    /// <summary>Makes the exception with the text a user sees.</summary>
    public HttpConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with the text a user sees and its cause.</summary>
    public HttpConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
