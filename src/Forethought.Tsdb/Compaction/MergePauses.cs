using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Blocks whose merging the disk has prevented: they are left alone for a while, longer each time, so that a full disk is not written
/// full every minute and other blocks have their turn. Not thread-safe.
/// </summary>
internal sealed class MergePauses(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Dictionary<Ulid, (DateTimeOffset End, TimeSpan Length)> _pauses = [];

    /// <summary>Leaves blocks alone from now on for a while.</summary>
    public void Begin(IEnumerable<Block> blocks)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach (Ulid past in _pauses.Where(pause => pause.Value.End + 2 * Longest < now).Select(pause => pause.Key).ToArray())
            _pauses.Remove(past);
        foreach (Block block in blocks)
        {
            TimeSpan last = _pauses.TryGetValue(block.Meta.Ulid, out (DateTimeOffset, TimeSpan Length) pause) ? pause.Length : First / 2;
            TimeSpan next = last < Longest / 2 ? last * 2 : Longest;
            _pauses[block.Meta.Ulid] = (now + next, next);
        }
    }

    /// <summary>A block as the planner is to see it: one that is left alone as if merging it had failed.</summary>
    public BlockMeta Apply(BlockMeta meta) => _pauses.TryGetValue(meta.Ulid, out (DateTimeOffset End, TimeSpan) pause) && clock.GetUtcNow() < pause.End
        ? meta with { Compaction = meta.Compaction with { HasFailed = true } }
        : meta;
}
