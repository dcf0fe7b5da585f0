namespace Forethought.PromQL.Syntax;

/// <summary>One thing wrong with a query.</summary>
/// <param name="PositionRange">Where it is.</param>
/// <param name="Message">What it is, in Prometheus' words, without the position.</param>
public readonly record struct PromQlParseError(PositionRange PositionRange, string Message);
