namespace Forethought.Storage;

/// <summary>What became of one exemplar of an <see cref="AppendBatch"/>.</summary>
public enum ExemplarOutcome : byte
{
    /// <summary>Staged: found after the commit.</summary>
    Accepted = 0,

    /// <summary>There already, or exemplars are not kept: skipped without complaint.</summary>
    Ignored,

    /// <summary>Older than the newest exemplar of its series by more than the out-of-order window: "out of order exemplar".</summary>
    OutOfOrder,

    /// <summary>"label length for exemplar exceeds maximum of 128 UTF-8 characters".</summary>
    LabelsTooLong,

    /// <summary>The reference names no series that exists: "unknown HeadSeriesRef when trying to add exemplar".</summary>
    UnknownSeries,
}
