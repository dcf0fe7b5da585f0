namespace Forethought.PromQL.Syntax;

/// <summary>A number, also one written as a duration (<c>1h30m</c> is the number 5400).</summary>
public sealed class NumberLiteral : Expr
{
    internal NumberLiteral(double value, bool isDuration, PositionRange positionRange)
        : base(positionRange, height: 1)
    {
        Value = value;
        IsDuration = isDuration;
    }

    /// <summary>The number; seconds if it was written as a duration. A sign in front of the literal is part of it.</summary>
    public double Value { get; }

    /// <summary>Whether the number was written, and prints, as a duration.</summary>
    public bool IsDuration { get; }

    /// <inheritdoc/>
    public override ExprType Type => ExprType.Scalar;
}
