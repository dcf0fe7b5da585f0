namespace Forethought.PromQL.Execution;

/// <summary>A query failed while it was prepared or evaluated. The message has upstream's text and is fit for a user.</summary>
public sealed class PromQlException : Exception
{
    private const string Engine = "query execution";

    /// <summary>Makes an exception of the kind <see cref="PromQlErrorKind.Execution"/> without a message.</summary>
    public PromQlException()
    {
    }

    /// <summary>Makes an exception of the kind <see cref="PromQlErrorKind.Execution"/>.</summary>
    public PromQlException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception of the kind <see cref="PromQlErrorKind.Execution"/> with its cause.</summary>
    public PromQlException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception of a kind.</summary>
    public PromQlException(PromQlErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Why the query failed.</summary>
    public PromQlErrorKind Kind { get; }

    internal static PromQlException TooManySamples() =>
        new(PromQlErrorKind.TooManySamples, "query processing would load too many samples into memory in " + Engine);

    internal static PromQlException TimedOut(string stage) => new(PromQlErrorKind.Timeout, "query timed out in " + stage);

    internal static PromQlException Canceled(string stage) => new(PromQlErrorKind.Canceled, "query was canceled in " + stage);

    internal static PromQlException SameLabels() => new("vector cannot contain metrics with the same labelset");
}
