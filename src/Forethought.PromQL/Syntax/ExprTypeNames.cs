namespace Forethought.PromQL.Syntax;

/// <summary>The names of expression types as users see them.</summary>
public static class ExprTypeNames
{
    /// <summary>The name in API answers: none, scalar, vector, matrix, string.</summary>
    public static string Name(this ExprType type) => type switch
    {
        ExprType.Scalar => "scalar",
        ExprType.Vector => "vector",
        ExprType.Matrix => "matrix",
        ExprType.String => "string",
        _ => "none",
    };

    /// <summary>The name in the documentation and in error texts: "instant vector" and "range vector" for vector and matrix.</summary>
    public static string DocumentedName(this ExprType type) => type switch
    {
        ExprType.Vector => "instant vector",
        ExprType.Matrix => "range vector",
        _ => type.Name(),
    };
}
