namespace Forethought.Model;

/// <summary>What happened when two histograms were added or subtracted; the flags combine.</summary>
[Flags]
public enum HistogramMergeResult
{
    /// <summary>Done, nothing to report.</summary>
    Merged = 0,

    /// <summary>One side said "reset", the other "no reset": the hint became unknown (a warning for users).</summary>
    CounterResetCollision = 1,

    /// <summary>Custom bounds differed: the result has the bounds that both share (an info for users).</summary>
    BoundsReconciled = 2,

    /// <summary>Exponential and custom buckets cannot be merged: nothing was changed (a warning for users).</summary>
    Incompatible = 4,
}
