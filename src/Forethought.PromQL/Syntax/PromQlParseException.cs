namespace Forethought.PromQL.Syntax;

/// <summary>
/// A query that cannot be parsed. The message is that of the first error with its position: <c>1:5: parse error: unexpected …</c>.
/// </summary>
public sealed class PromQlParseException : Exception
{
    internal PromQlParseException(string query, IReadOnlyList<PromQlParseError> errors)
        : base(Format(query, errors[0]))
    {
        Query = query;
        Errors = errors;
    }

    /// <summary>The query.</summary>
    public string Query { get; }

    /// <summary>All errors in the order found; at least one.</summary>
    public IReadOnlyList<PromQlParseError> Errors { get; }

    private static string Format(string query, PromQlParseError error)
    {
        string position = error.PositionRange.StartLineColumn(System.Text.Encoding.UTF8.GetBytes(query));
        return $"{position}: parse error: {error.Message}";
    }
}
