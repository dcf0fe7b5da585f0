namespace Forethought.PromQL.Syntax;

/// <summary>Which parts of the language a parser accepts. The defaults are those of the server without feature flags.</summary>
public sealed record ParserOptions
{
    /// <summary>
    /// The greatest height of a syntax tree and the greatest nesting of the text: 1,000. Deeper input is rejected.
    /// The parser, the type checker and the printers need under 1 KiB of stack for each level, so that they fit into the
    /// smallest stack a .NET thread has by default (1.5 MiB; 1 MiB on Windows).
    /// </summary>
    public const int MaxDepth = 1000;

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
