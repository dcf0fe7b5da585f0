namespace Forethought.PromQL.Execution;

/// <summary>Why a query failed; the HTTP API maps each to an error type and a status.</summary>
public enum PromQlErrorKind
{
    /// <summary>The expression cannot be evaluated over the data (422 <c>execution</c>).</summary>
    Execution,

    /// <summary>The query ran longer than the limit (503 <c>timeout</c>).</summary>
    Timeout,

    /// <summary>The client went away or the server stops (499 <c>canceled</c>).</summary>
    Canceled,

    /// <summary>More samples than <c>--query.max-samples</c> would be held (422 <c>execution</c>).</summary>
    TooManySamples,

    /// <summary>Storage could not be read (500 <c>internal</c>).</summary>
    Storage,
}
