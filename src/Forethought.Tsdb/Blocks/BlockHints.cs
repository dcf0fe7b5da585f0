namespace Forethought.Tsdb.Blocks;

/// <summary>What <c>meta.json</c> may say about where a block is from.</summary>
public static class BlockHints
{
    /// <summary>All samples came out of order.</summary>
    public const string FromOutOfOrder = "from-out-of-order";

    /// <summary>All series had gone stale.</summary>
    public const string FromStaleSeries = "from-stale-series";

    /// <summary>The series were named by whoever asked for the block.</summary>
    public const string FromSelectedSeries = "from-selected-series";
}
