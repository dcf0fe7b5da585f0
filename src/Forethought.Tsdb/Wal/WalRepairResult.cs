namespace Forethought.Tsdb.Wal;

/// <summary>What a repair gave up.</summary>
/// <param name="Segment">The damaged segment.</param>
/// <param name="KeptBytes">Bytes of it that were kept.</param>
/// <param name="CutBytes">Bytes of it that were cut off.</param>
/// <param name="DeletedSegments">Segments behind it that were deleted, newest first.</param>
public sealed record WalRepairResult(int Segment, long KeptBytes, long CutBytes, IReadOnlyList<int> DeletedSegments);
