namespace Forethought.Tsdb.Head;

/// <summary>What a replay found.</summary>
internal sealed class ReplayStatistics
{
    public long Series;
    public long Samples;

    /// <summary>Samples of series whose labels are not in the log.</summary>
    public long UnknownReferences;
}
