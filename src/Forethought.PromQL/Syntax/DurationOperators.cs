using System.Diagnostics;

namespace Forethought.PromQL.Syntax;

/// <summary>Facts about the operators of duration expressions.</summary>
internal static class DurationOperators
{
    /// <summary>The operator as written between or in front of operands.</summary>
    internal static string Symbol(this DurationOperator op) => op switch
    {
        DurationOperator.Add => "+",
        DurationOperator.Sub => "-",
        DurationOperator.Mul => "*",
        DurationOperator.Div => "/",
        DurationOperator.Mod => "%",
        DurationOperator.Pow => "^",
        _ => throw new UnreachableException(),
    };

    /// <summary>How tightly the operator binds; higher is tighter.</summary>
    internal static int Precedence(this DurationOperator op) => op switch
    {
        DurationOperator.Add or DurationOperator.Sub => 4,
        DurationOperator.Pow => 6,
        _ => 5,
    };
}
