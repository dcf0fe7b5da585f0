namespace Forethought.Storage;

/// <summary>Stored data could not be read or written; the message is fit for a user.</summary>
public class StorageException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public StorageException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
