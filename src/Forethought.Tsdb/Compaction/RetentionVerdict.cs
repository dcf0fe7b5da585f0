using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>Which blocks are to be deleted, and why.</summary>
internal sealed class RetentionVerdict
{
    /// <summary>
    /// All blocks that are to go; parents of loaded blocks are among them whether they still exist or not, and a parent that is
    /// damaged is no loss.
    /// </summary>
    public required IReadOnlySet<Ulid> Deletable { get; init; }

    /// <summary>Whether the limit of time took any, which <c>prometheus_tsdb_time_retentions_total</c> counts.</summary>
    public required bool IsTimeExceeded { get; init; }

    /// <summary>Whether the limit of size took any, which <c>prometheus_tsdb_size_retentions_total</c> counts.</summary>
    public required bool IsSizeExceeded { get; init; }

    /// <summary>
    /// Whether the percentage could not be heeded, of which upstream warns: "Unable to retrieve filesystem size of database directory,
    /// skip percentage limitation and default to fixed size limitation".
    /// </summary>
    public required bool IsDiskSizeMissing { get; init; }
}
