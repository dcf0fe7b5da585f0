namespace Forethought.Tsdb;

/// <summary>How much a store keeps. Whole blocks go, so data outlives a limit by up to the length of a block. Immutable.</summary>
/// <param name="Duration">How far back from the newest block's end blocks reach; zero for no limit.</param>
/// <param name="MaxBytes">The most bytes of blocks, log and chunks of the head together; zero or less for no limit.</param>
/// <param name="MaxPercentage">
/// The same as a percentage of the file system, which goes before <paramref name="MaxBytes"/>; zero for no limit.
/// </param>
public sealed record RetentionLimits(TimeSpan Duration, long MaxBytes = 0, double MaxPercentage = 0)
{
    /// <summary>15 days, as much as there are.</summary>
    public static RetentionLimits Default { get; } = new(TimeSpan.FromDays(15));

    /// <summary>Everything, for ever.</summary>
    public static RetentionLimits None { get; } = new(TimeSpan.Zero);
}
