namespace Forethought.Regex.Syntax;

/// <summary>The reasons for which a pattern is refused, in the words of Go's <c>regexp/syntax</c>.</summary>
internal static class SyntaxErrors
{
    internal const string InvalidCharacterRange = "invalid character class range";
    internal const string InvalidEscape = "invalid escape sequence";
    internal const string InvalidNamedCapture = "invalid named capture";
    internal const string InvalidPerlOperator = "invalid or unsupported Perl syntax";
    internal const string InvalidRepeatOperator = "invalid nested repetition operator";
    internal const string InvalidRepeatSize = "invalid repeat count";
    internal const string InvalidUtf8 = "invalid UTF-8";
    internal const string MissingBracket = "missing closing ]";
    internal const string MissingParenthesis = "missing closing )";
    internal const string MissingRepeatArgument = "missing argument to repetition operator";
    internal const string TrailingBackslash = "trailing backslash at end of expression";
    internal const string UnexpectedParenthesis = "unexpected )";
    internal const string NestingDepth = "expression nests too deeply";
    internal const string TooLarge = "expression too large";
}
