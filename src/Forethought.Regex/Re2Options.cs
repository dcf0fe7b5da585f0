namespace Forethought.Regex;

/// <summary>How a pattern is read. The default is Go's <c>regexp.Compile</c>: Perl syntax, searching anywhere in the text.</summary>
[Flags]
public enum Re2Options
{
    /// <summary>As <c>regexp.Compile</c>.</summary>
    None = 0,

    /// <summary><c>.</c> also matches a newline, as under <c>(?s)</c>.</summary>
    DotMatchesNewline = 1,

    /// <summary>Letters match their simple case foldings, as under <c>(?i)</c>.</summary>
    IgnoreCase = 2,
}
