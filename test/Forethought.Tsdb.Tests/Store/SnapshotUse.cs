namespace Forethought.Tsdb.Tests.Store;

/// <summary>With which starts of a history the head is written to disk at its end.</summary>
public enum SnapshotUse
{
    Never,
    Always,
    Sometimes,
}
