namespace Forethought.Client;

/// <summary>One bucket of a histogram.</summary>
/// <param name="UpperBound">The largest value that counts.</param>
/// <param name="CumulativeCount">The number of observations up to the bound, those of smaller buckets included.</param>
public readonly record struct BucketCount(double UpperBound, ulong CumulativeCount);
