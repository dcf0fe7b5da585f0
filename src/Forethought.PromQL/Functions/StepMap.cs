namespace Forethought.PromQL.Functions;

/// <summary>A function of floats over a whole column of steps.</summary>
/// <param name="values">The floats, replaced by the results; may hold arbitrary floats at steps without a sample.</param>
/// <param name="scalars">The scalar arguments by step, each at least as long.</param>
internal delegate void StepMap(Span<double> values, double[][] scalars);
