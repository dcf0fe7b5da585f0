namespace Forethought.Client;

/// <summary>A collector does not fit what is registered already.</summary>
public class MetricRegistrationException : Exception
{
    /// <inheritdoc/>
    public MetricRegistrationException()
    {
    }

    /// <inheritdoc/>
    public MetricRegistrationException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public MetricRegistrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
