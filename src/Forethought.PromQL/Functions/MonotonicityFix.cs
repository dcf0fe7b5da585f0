namespace Forethought.PromQL.Functions;

/// <summary>Where counts of classic buckets decreased and were raised to the running maximum.</summary>
/// <param name="IsForced">Whether any was.</param>
/// <param name="MinBucket">The lowest bound raised.</param>
/// <param name="MaxBucket">The highest bound raised.</param>
/// <param name="MaxDifference">The largest decrease.</param>
internal readonly record struct MonotonicityFix(bool IsForced, double MinBucket, double MaxBucket, double MaxDifference);
