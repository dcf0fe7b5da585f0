namespace Forethought.PromQL.Syntax;

/// <summary>Which parts of the language a parser accepts. The defaults are those of the server without feature flags.</summary>
public sealed record ParserOptions
{
    /// <summary>
    /// How deep the text of an expression may nest (parentheses, calls, signs, right operands): 500. The parser needs under 2 KiB of
    /// stack for a level, so that it fits into the smallest stack a .NET thread has by default (1.5 MiB; 1 MiB on Windows).
    /// </summary>
    public const int MaxNesting = 500;

    /// <summary>
    /// How high a syntax tree may be: 1,000. It differs from the nesting where operators chain: <c>a + b + c + …</c> is as high as it
    /// has operators. Code that walks a tree recursively may use 1 KiB of stack for a level.
    /// </summary>
    public const int MaxHeight = 1000;

    /// <summary>The language as the server accepts it without feature flags.</summary>
    public static ParserOptions Default { get; } = new();

    /// <summary>The whole language.</summary>
    public static ParserOptions Everything { get; } = new()
    {
        ExperimentalFunctions = true,
        DurationExpressions = true,
        ExtendedRangeSelectors = true,
        FillModifiers = true,
    };

    /// <summary>Experimental functions and aggregations (<c>promql-experimental-functions</c>). Default: off.</summary>
    public bool ExperimentalFunctions { get; init; }

    /// <summary>Arithmetic in ranges, steps and offsets. Default: on.</summary>
    public bool DurationExpressions { get; init; } = true;

    /// <summary>The <c>anchored</c> and <c>smoothed</c> modifiers (<c>promql-extended-range-selectors</c>). Default: off.</summary>
    public bool ExtendedRangeSelectors { get; init; }

    /// <summary>The <c>fill</c>, <c>fill_left</c> and <c>fill_right</c> modifiers (<c>promql-binop-fill-modifiers</c>). Default: off.</summary>
    public bool FillModifiers { get; init; }
}
