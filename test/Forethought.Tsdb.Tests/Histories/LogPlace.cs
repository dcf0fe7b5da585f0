namespace Forethought.Tsdb.Tests.Histories;

/// <summary>
/// Where the logs ended when something was acknowledged: what comes before is on stable storage at the latest when the logs are up to there.
/// </summary>
/// <param name="Segment">The segment of the write-ahead log.</param>
/// <param name="Offset">The offset in it.</param>
/// <param name="LateSegment">The segment of the log of late samples; -1 if that one does not matter.</param>
/// <param name="LateOffset">The offset in it.</param>
internal readonly record struct LogPlace(int Segment, long Offset, int LateSegment = -1, long LateOffset = 0)
{
    /// <summary>Of something on stable storage.</summary>
    public static readonly LogPlace Durable = new(-1, 0);

    /// <summary>Of something that no sync ever makes durable.</summary>
    public static readonly LogPlace Never = new(int.MaxValue, long.MaxValue);
}
