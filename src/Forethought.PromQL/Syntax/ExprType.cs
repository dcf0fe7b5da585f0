namespace Forethought.PromQL.Syntax;

/// <summary>The type of value an expression evaluates to.</summary>
public enum ExprType
{
    /// <summary>No value: only an expression that failed to parse has it.</summary>
    None,

    /// <summary>One float per step.</summary>
    Scalar,

    /// <summary>An instant vector: at most one sample per series and step.</summary>
    Vector,

    /// <summary>A range vector: the samples of a window per series and step.</summary>
    Matrix,

    /// <summary>A constant string.</summary>
    String,
}
