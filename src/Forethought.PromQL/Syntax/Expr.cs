namespace Forethought.PromQL.Syntax;

/// <summary>
/// A node of the syntax tree of a PromQL expression. Trees come from <see cref="PromQlParser"/>, which bounds their
/// height (<see cref="ParserOptions.MaxHeight"/>), so that walking one recursively is safe. A finished tree is not changed
/// any more and may be shared between threads.
/// </summary>
public abstract class Expr
{
    private protected Expr(PositionRange positionRange, int height)
    {
        PositionRange = positionRange;
        Height = height;
    }

    /// <summary>Where the expression stands in the query, in bytes of its UTF-8 form.</summary>
    public PositionRange PositionRange { get; internal set; }

    /// <summary>The type of value the expression evaluates to.</summary>
    public abstract ExprType Type { get; }

    /// <summary>The number of nodes on the longest path down from this one, itself included.</summary>
    internal int Height { get; }

    /// <summary>The expression as PromQL text in Prometheus' normal form, on one line. It parses to the same tree.</summary>
    public sealed override string ToString() => ExprPrinter.Print(this);

    /// <summary>The expression as PromQL text, split over indented lines wherever a part is longer than 100 bytes.</summary>
    public string Pretty() => PrettyPrinter.Print(this);
}
