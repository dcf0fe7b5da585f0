namespace Forethought.PromQL.Syntax;

/// <summary>A quoted string.</summary>
public sealed class StringLiteral : Expr
{
    internal StringLiteral(string value, PositionRange positionRange)
        : base(positionRange, height: 1) => Value = value;

    /// <summary>
    /// The text without quotes and escapes. A byte escape that makes no valid UTF-8 (<c>"\xff"</c>) stands as the lone
    /// surrogate U+DC00 + byte.
    /// </summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override ExprType Type => ExprType.String;
}
