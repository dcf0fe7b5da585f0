using Forethought.Regex.Syntax;

namespace Forethought.Regex.Programs;

/// <summary>Says which assertions hold at a position. Words are of ASCII, as in Go.</summary>
internal static class Assertions
{
    /// <summary>The rune of a position outside the text.</summary>
    internal const int NoRune = -1;

    internal static RuneContext ContextOf(int rune) => rune switch
    {
        NoRune => RuneContext.Edge,
        '\n' => RuneContext.Newline,
        '_' or (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') => RuneContext.Word,
        _ => RuneContext.Other,
    };

    /// <summary>The context before <paramref name="position"/>; one byte tells, as bytes of longer runes are neither newline nor word.</summary>
    internal static RuneContext ContextBefore(ReadOnlySpan<byte> text, int position) => ContextOf(position == 0 ? NoRune : text[position - 1]);

    /// <summary>The context after <paramref name="position"/>.</summary>
    internal static RuneContext ContextAfter(ReadOnlySpan<byte> text, int position) => ContextOf(position == text.Length ? NoRune : text[position]);

    internal static AssertionKinds HoldingBetween(RuneContext before, RuneContext after)
    {
        AssertionKinds kinds = (before == RuneContext.Word) != (after == RuneContext.Word) ? AssertionKinds.WordBoundary : AssertionKinds.NotWordBoundary;
        if (before == RuneContext.Edge)
            kinds |= AssertionKinds.BeginText | AssertionKinds.BeginLine;
        if (before == RuneContext.Newline)
            kinds |= AssertionKinds.BeginLine;
        if (after == RuneContext.Edge)
            kinds |= AssertionKinds.EndText | AssertionKinds.EndLine;
        if (after == RuneContext.Newline)
            kinds |= AssertionKinds.EndLine;
        return kinds;
    }
}
