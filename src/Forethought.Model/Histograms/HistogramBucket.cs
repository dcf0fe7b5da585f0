namespace Forethought.Model;

/// <summary>One bucket with its bounds, as queries and answers see it.</summary>
/// <param name="Lower">The lower bound.</param>
/// <param name="Upper">The upper bound.</param>
/// <param name="LowerInclusive">Whether the lower bound belongs to the bucket.</param>
/// <param name="UpperInclusive">Whether the upper bound belongs to the bucket.</param>
/// <param name="Count">The observations.</param>
/// <param name="Index">The index in the schema; of no meaning for the zero bucket.</param>
public readonly record struct HistogramBucket(
    double Lower, double Upper, bool LowerInclusive, bool UpperInclusive, double Count, int Index);
