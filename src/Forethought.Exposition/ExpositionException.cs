namespace Forethought.Exposition;

/// <summary>
/// What a target exposes is not the format it claims to be; the message is upstream's and shown as the target's last error.
/// </summary>
public sealed class ExpositionException : Exception
{
    /// <summary>Makes an exception with a message.</summary>
    public ExpositionException(string message)
        : base(message)
    {
    }
}
