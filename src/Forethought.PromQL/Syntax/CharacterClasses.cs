namespace Forethought.PromQL.Syntax;

/// <summary>Classes of characters; only ASCII has letters and digits here.</summary>
internal static class CharacterClasses
{
    /// <summary>Blank, tab, line feed, carriage return.</summary>
    internal static bool IsSpace(int c) => c is ' ' or '\t' or '\n' or '\r';

    /// <summary>0 to 9.</summary>
    internal static bool IsDigit(int c) => c is >= '0' and <= '9';

    /// <summary>A letter or underscore.</summary>
    internal static bool IsAlpha(int c) => c is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    /// <summary>A letter, digit or underscore.</summary>
    internal static bool IsAlphaNumeric(int c) => IsAlpha(c) || IsDigit(c);
}
