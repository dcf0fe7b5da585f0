namespace Forethought.PromQL.Syntax;

/// <summary>The aggregation operators.</summary>
public enum AggregateOperator
{
    /// <summary><c>avg</c></summary>
    Avg,

    /// <summary><c>bottomk</c></summary>
    Bottomk,

    /// <summary><c>count</c></summary>
    Count,

    /// <summary><c>count_values</c></summary>
    CountValues,

    /// <summary><c>group</c></summary>
    Group,

    /// <summary><c>max</c></summary>
    Max,

    /// <summary><c>min</c></summary>
    Min,

    /// <summary><c>quantile</c></summary>
    Quantile,

    /// <summary><c>stddev</c></summary>
    Stddev,

    /// <summary><c>stdvar</c></summary>
    Stdvar,

    /// <summary><c>sum</c></summary>
    Sum,

    /// <summary><c>topk</c></summary>
    Topk,

    /// <summary><c>limitk</c></summary>
    Limitk,

    /// <summary><c>limit_ratio</c></summary>
    LimitRatio,
}
