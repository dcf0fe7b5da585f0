namespace Forethought.PromQL.Syntax;

/// <summary>A function call.</summary>
public sealed class Call : Expr
{
    internal Call(FunctionSignature function, IReadOnlyList<Expr> arguments, PositionRange positionRange)
        : base(positionRange, 1 + arguments.MaxHeight())
    {
        Function = function;
        Arguments = arguments;
    }

    /// <summary>The function that is called.</summary>
    public FunctionSignature Function { get; }

    /// <summary>The arguments as written.</summary>
    public IReadOnlyList<Expr> Arguments { get; }

    /// <inheritdoc/>
    public override ExprType Type => Function.ReturnType;
}
