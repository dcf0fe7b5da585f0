namespace Forethought.Web;

/// <summary>The API's kinds of error; each has a name in the answer and a status.</summary>
public enum ApiErrorType
{
    /// <summary><c>bad_data</c>, 400.</summary>
    BadData,

    /// <summary><c>execution</c>, 422.</summary>
    Execution,

    /// <summary><c>canceled</c>, 499.</summary>
    Canceled,

    /// <summary><c>timeout</c>, 503.</summary>
    Timeout,

    /// <summary><c>internal</c>, 500.</summary>
    Internal,

    /// <summary><c>unavailable</c>, 500.</summary>
    Unavailable,

    /// <summary><c>not_found</c>, 404.</summary>
    NotFound,

    /// <summary><c>not_acceptable</c>, 406.</summary>
    NotAcceptable,
}
