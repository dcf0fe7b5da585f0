namespace Forethought.Tsdb.Blocks;

/// <summary>A block by name and time range.</summary>
/// <param name="Ulid">The block's identifier.</param>
/// <param name="MinTimeMs">Its first time, milliseconds, inclusive.</param>
/// <param name="MaxTimeMs">Its end, milliseconds, exclusive.</param>
public sealed record BlockDescription(Ulid Ulid, long MinTimeMs, long MaxTimeMs);
