namespace Forethought.Tsdb.Snapshots;

/// <summary>What a record of a snapshot holds. The numbers are persisted.</summary>
internal enum SnapshotRecordType : byte
{
    /// <summary>A series with its open chunk, if it has one.</summary>
    Series = 1,

    /// <summary>All deletions in the head.</summary>
    Tombstones = 2,

    /// <summary>Exemplars, as in a record of the log.</summary>
    Exemplars = 3,
}
