namespace Forethought.Web;

/// <summary>A request that the API answers with an error; the message has upstream's text.</summary>
public sealed class ApiException : Exception
{
    /// <summary>Makes an error of the kind <see cref="ApiErrorType.BadData"/> without a message.</summary>
    public ApiException()
    {
    }

    /// <summary>Makes an error of the kind <see cref="ApiErrorType.BadData"/>.</summary>
    public ApiException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error of the kind <see cref="ApiErrorType.BadData"/> with its cause.</summary>
    public ApiException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an error of a kind.</summary>
    public ApiException(ApiErrorType type, string message, Exception? innerException = null)
        : base(message, innerException) => Type = type;

    /// <summary>The kind.</summary>
    public ApiErrorType Type { get; }

    /// <summary>The kind's name in the answer.</summary>
    public string TypeName => Type switch
    {
        ApiErrorType.BadData => "bad_data",
        ApiErrorType.Execution => "execution",
        ApiErrorType.Canceled => "canceled",
        ApiErrorType.Timeout => "timeout",
        ApiErrorType.NotFound => "not_found",
        ApiErrorType.NotAcceptable => "not_acceptable",
        ApiErrorType.Unavailable => "unavailable",
        _ => "internal",
    };

    /// <summary>The HTTP status.</summary>
    public int Status => Type switch
    {
        ApiErrorType.BadData => 400,
        ApiErrorType.Execution => 422,
        ApiErrorType.Canceled => 499,
        ApiErrorType.Timeout => 503,
        ApiErrorType.NotFound => 404,
        ApiErrorType.NotAcceptable => 406,
        _ => 500,
    };

    internal static ApiException InvalidParameter(string name, string reason) => new($"invalid parameter \"{name}\": {reason}");
}
