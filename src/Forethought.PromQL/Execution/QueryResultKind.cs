namespace Forethought.PromQL.Execution;

/// <summary>The type of a query's result.</summary>
public enum QueryResultKind
{
    /// <summary>One float (<see cref="QueryResult.ScalarValue"/>) at the query's time.</summary>
    Scalar,

    /// <summary>One text (<see cref="QueryResult.StringValue"/>).</summary>
    String,

    /// <summary>One sample of each series at the query's time, in the order of evaluation.</summary>
    Vector,

    /// <summary>Samples of each series over time, sorted by labels.</summary>
    Matrix,
}
