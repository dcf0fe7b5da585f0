namespace Forethought.Tsdb.Compaction;

/// <summary>How much to keep.</summary>
/// <param name="Duration">How far back from the newest block's end blocks reach; zero for no limit.</param>
/// <param name="MaxBytes">The most bytes of blocks, log and chunks of the head together; zero or less for no limit.</param>
/// <param name="MaxPercentage">
/// The same as a percentage of the file system, which goes before <paramref name="MaxBytes"/>; zero for no limit.
/// </param>
internal readonly record struct RetentionLimits(TimeSpan Duration, long MaxBytes, double MaxPercentage);
