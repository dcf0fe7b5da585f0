namespace Forethought.PromQL.Execution;

/// <summary>How far beyond the ends of a window samples are taken in, for <c>anchored</c> and <c>smoothed</c>.</summary>
/// <param name="LeftMs">Milliseconds before the start.</param>
/// <param name="RightMs">Milliseconds after the end.</param>
internal readonly record struct RangeWidening(long LeftMs, long RightMs)
{
    /// <summary>Nothing beyond the ends.</summary>
    public static RangeWidening None => default;
}
