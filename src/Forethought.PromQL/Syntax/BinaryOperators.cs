using System.Diagnostics;

namespace Forethought.PromQL.Syntax;

/// <summary>Facts about the binary operators.</summary>
public static class BinaryOperators
{
    /// <summary>The operator as written.</summary>
    public static string Symbol(this BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Sub => "-",
        BinaryOperator.Mul => "*",
        BinaryOperator.Div => "/",
        BinaryOperator.Mod => "%",
        BinaryOperator.Pow => "^",
        BinaryOperator.Atan2 => "atan2",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.TrimUpper => "</",
        BinaryOperator.TrimLower => ">/",
        BinaryOperator.And => "and",
        BinaryOperator.Or => "or",
        BinaryOperator.Unless => "unless",
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether the operator compares (and so may carry <c>bool</c>).</summary>
    public static bool IsComparison(this BinaryOperator op) =>
        op is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;

    /// <summary>Whether the operator combines sets of series.</summary>
    public static bool IsSet(this BinaryOperator op) =>
        op is BinaryOperator.And or BinaryOperator.Or or BinaryOperator.Unless;

    /// <summary>How tightly the operator binds; higher is tighter.</summary>
    internal static int Precedence(this BinaryOperator op) => op switch
    {
        BinaryOperator.Or => 1,
        BinaryOperator.And or BinaryOperator.Unless => 2,
        BinaryOperator.Add or BinaryOperator.Sub => 4,
        BinaryOperator.Mul or BinaryOperator.Div or BinaryOperator.Mod or BinaryOperator.Atan2 => 5,
        BinaryOperator.Pow => 6,
        _ => 3,
    };

    /// <summary>The precedence of a sign: that of multiplication, so that <c>-2 ^ 2</c> is <c>-(2 ^ 2)</c>.</summary>
    internal const int UnaryPrecedence = 5;
}
