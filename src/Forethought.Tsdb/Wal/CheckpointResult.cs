namespace Forethought.Tsdb.Wal;

/// <summary>How much of each kind a checkpoint has seen and left out.</summary>
internal sealed class CheckpointResult
{
    public int TotalSeries { get; set; }

    public int DroppedSeries { get; set; }

    /// <summary>Float samples and histograms.</summary>
    public int TotalSamples { get; set; }

    public int DroppedSamples { get; set; }

    public int TotalTombstones { get; set; }

    public int DroppedTombstones { get; set; }

    public int TotalExemplars { get; set; }

    public int DroppedExemplars { get; set; }

    public int TotalMetadata { get; set; }

    public int DroppedMetadata { get; set; }

    /// <summary>Records of types that are not known or do not belong in a checkpoint, left out.</summary>
    public int SkippedRecords { get; set; }
}
