namespace Forethought.Tsdb.Wal;

/// <summary>What a <see cref="LaneRequest"/> asks for.</summary>
internal enum LaneRequestKind
{
    Commit,
    CutSegment,
    Flush,
    Close,
}
