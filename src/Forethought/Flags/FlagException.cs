namespace Forethought.Flags;

/// <summary>A command line that cannot be read; the message is Prometheus'.</summary>
public sealed class FlagException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public FlagException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public FlagException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public FlagException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Whether a flag is known but its value is not usable: then usage is printed and the exit code is 2. Otherwise the line could
    /// not be taken apart, and the exit code is 1.
    /// </summary>
    public bool IsValueError { get; init; }
}
