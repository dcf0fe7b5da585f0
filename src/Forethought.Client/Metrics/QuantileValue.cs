namespace Forethought.Client;

/// <summary>One quantile of a summary.</summary>
/// <param name="Quantile">The rank, 0 to 1.</param>
/// <param name="Value">The observation of that rank; NaN without observations.</param>
public readonly record struct QuantileValue(double Quantile, double Value);
