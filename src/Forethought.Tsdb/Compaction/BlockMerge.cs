using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>A merge that was done.</summary>
/// <param name="Blocks">The blocks that were merged.</param>
/// <param name="Written">What they became; null if nothing was left of them.</param>
internal sealed record BlockMerge(IReadOnlyList<Block> Blocks, BlockMeta? Written);
