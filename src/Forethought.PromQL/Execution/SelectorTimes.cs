namespace Forethought.PromQL.Execution;

/// <summary>
/// When a selector looks, for the steps of a grid: at each step less the offset, or, with <c>@</c>, at one time at all steps.
/// </summary>
/// <param name="OffsetMs">The offset in milliseconds; positive looks into the past.</param>
/// <param name="FixedMs">The time of <c>@</c> in milliseconds, null without; the offset applies to it too.</param>
internal readonly record struct SelectorTimes(long OffsetMs, long? FixedMs)
{
    /// <summary>The time looked at in the first step.</summary>
    public long FirstMs(StepGrid grid) => (FixedMs ?? grid.StartMs) - OffsetMs;

    /// <summary>How far the time looked at moves from step to step.</summary>
    public long AdvanceMs(StepGrid grid) => FixedMs is null ? grid.StepMs : 0;
}
