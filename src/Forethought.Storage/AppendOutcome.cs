namespace Forethought.Storage;

/// <summary>What became of one row of an <see cref="AppendBatch"/>.</summary>
public enum AppendOutcome : byte
{
    /// <summary>Staged: visible after the commit.</summary>
    Accepted = 0,

    /// <summary>The same sample is there already: skipped without complaint.</summary>
    Identical,

    /// <summary>Older than the series' newest sample: "out of order sample".</summary>
    OutOfOrder,

    /// <summary>Older than the head accepts: "out of bounds".</summary>
    OutOfBounds,

    /// <summary>Older than the out-of-order window: "too old sample".</summary>
    TooOld,

    /// <summary>Another value at the same time: "duplicate sample for timestamp".</summary>
    DuplicateTimestamp,

    /// <summary>A native histogram that contradicts itself; <see cref="AppendBatch.Errors"/> says how.</summary>
    InvalidHistogram,

    /// <summary>The reference names no series that exists.</summary>
    UnknownSeries,
}
