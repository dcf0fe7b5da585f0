namespace Forethought.Encoding;

/// <summary>What became of parsing a number as Go's <c>strconv</c> does.</summary>
public enum GoNumberStatus
{
    /// <summary>The text is a number.</summary>
    Ok,

    /// <summary>The text is not a number; the value is 0. Go's text: <c>invalid syntax</c>.</summary>
    InvalidSyntax,

    /// <summary>The number is too large; the value is an infinity of its sign. Go's text: <c>value out of range</c>.</summary>
    OutOfRange,
}
