namespace Forethought.PromQL.Syntax;

/// <summary>The operators of duration expressions.</summary>
public enum DurationOperator
{
    /// <summary><c>+</c>, binary or a sign.</summary>
    Add,

    /// <summary><c>-</c>, binary or a sign.</summary>
    Sub,

    /// <summary><c>*</c></summary>
    Mul,

    /// <summary><c>/</c></summary>
    Div,

    /// <summary><c>%</c></summary>
    Mod,

    /// <summary><c>^</c></summary>
    Pow,

    /// <summary><c>step()</c>: the step of the query.</summary>
    Step,

    /// <summary><c>range()</c>: the time from the start to the end of the query.</summary>
    Range,

    /// <summary><c>min_of(a, b)</c></summary>
    MinOf,

    /// <summary><c>max_of(a, b)</c></summary>
    MaxOf,
}
