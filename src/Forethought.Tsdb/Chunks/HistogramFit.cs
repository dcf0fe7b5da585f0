namespace Forethought.Tsdb.Chunks;

/// <summary>How a sample relates to the open chunk of its series.</summary>
internal enum HistogramFit
{
    /// <summary>It can be appended, perhaps after rearranging buckets.</summary>
    Fits,

    /// <summary>A counter reset lies between.</summary>
    Reset,

    /// <summary>
    /// Another schema or zero threshold, or the chunk ends in a stale marker: nothing is known about a counter reset.
    /// </summary>
    OtherLayout,

    /// <summary>One is a gauge histogram and the other is not.</summary>
    OtherType,
}
