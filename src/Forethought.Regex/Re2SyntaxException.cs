namespace Forethought.Regex;

/// <summary>A pattern that is not a valid RE2 regular expression.</summary>
/// <remarks>The message is that of Go's <c>regexp/syntax</c>, e.g. <c>error parsing regexp: missing closing ): `(a`</c>.</remarks>
public sealed class Re2SyntaxException : Exception
{
    /// <summary>Creates the exception for the offending part of a pattern.</summary>
    /// <param name="reason">What is wrong, in Go's words.</param>
    /// <param name="expression">The part of the pattern that is wrong; empty for a trailing backslash.</param>
    public Re2SyntaxException(string reason, string expression)
        : base($"error parsing regexp: {reason}: `{expression}`")
    {
        Reason = reason;
        Expression = expression;
    }

    /// <summary>What is wrong, e.g. <c>invalid escape sequence</c>.</summary>
    public string Reason { get; }

    /// <summary>The part of the pattern that is wrong, often the whole of it.</summary>
    public string Expression { get; }
}
