using System.Diagnostics;

namespace Forethought.PromQL.Syntax;

/// <summary>Facts about the aggregation operators.</summary>
public static class AggregateOperators
{
    /// <summary>The keyword of the operator.</summary>
    public static string Name(this AggregateOperator op) => op switch
    {
        AggregateOperator.Avg => "avg",
        AggregateOperator.Bottomk => "bottomk",
        AggregateOperator.Count => "count",
        AggregateOperator.CountValues => "count_values",
        AggregateOperator.Group => "group",
        AggregateOperator.Max => "max",
        AggregateOperator.Min => "min",
        AggregateOperator.Quantile => "quantile",
        AggregateOperator.Stddev => "stddev",
        AggregateOperator.Stdvar => "stdvar",
        AggregateOperator.Sum => "sum",
        AggregateOperator.Topk => "topk",
        AggregateOperator.Limitk => "limitk",
        AggregateOperator.LimitRatio => "limit_ratio",
        _ => throw new UnreachableException(),
    };

    /// <summary>The type of the parameter in front of the vector, or <see cref="ExprType.None"/> if the operator has none.</summary>
    public static ExprType ParameterType(this AggregateOperator op) => op switch
    {
        AggregateOperator.CountValues => ExprType.String,
        AggregateOperator.Topk or AggregateOperator.Bottomk or AggregateOperator.Quantile
            or AggregateOperator.Limitk or AggregateOperator.LimitRatio => ExprType.Scalar,
        _ => ExprType.None,
    };

    /// <summary>Whether the operator needs <see cref="ParserOptions.ExperimentalFunctions"/>.</summary>
    public static bool IsExperimental(this AggregateOperator op) =>
        op is AggregateOperator.Limitk or AggregateOperator.LimitRatio;
}
