namespace Forethought.Client;

/// <summary>A quantile to estimate: the value given for it is that of some rank within ±<paramref name="Error"/> of it.</summary>
/// <param name="Quantile">The rank, 0 to 1.</param>
/// <param name="Error">The absolute error of the rank, up to 1; above 0 but for the ends, 0 and 1, which are exact.</param>
public readonly record struct QuantileObjective(double Quantile, double Error);
