namespace Forethought.PromQL.Syntax;

/// <summary>What the type checker knows about a function.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="ArgumentTypes">The types of the arguments; with <paramref name="Variadic"/> the last one may be left out or repeated.</param>
/// <param name="Variadic">
/// Zero: exactly the listed arguments. Positive: the last listed argument may occur 0 to this many times. Negative: any number of times.
/// </param>
/// <param name="ReturnType">The type of the result.</param>
/// <param name="IsExperimental">Whether calls need <see cref="ParserOptions.ExperimentalFunctions"/>.</param>
public sealed record FunctionSignature(
    string Name,
    IReadOnlyList<ExprType> ArgumentTypes,
    int Variadic,
    ExprType ReturnType,
    bool IsExperimental);
