namespace Forethought.PromQL.Functions;

/// <summary>A bucket of a classic histogram: the observations at or below a bound.</summary>
internal readonly record struct ClassicBucket(double UpperBound, double Count);
