using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>A loaded block as <see cref="RetentionRules"/> see it.</summary>
/// <param name="Meta">What the block says of itself.</param>
/// <param name="SizeBytes">The bytes of its files.</param>
internal readonly record struct RetainedBlock(BlockMeta Meta, long SizeBytes);
