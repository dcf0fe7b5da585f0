namespace Forethought.Tsdb.Blocks;

/// <summary>How a block came to be. Immutable.</summary>
public sealed record BlockCompaction
{
    /// <summary>The most compactions that any of its samples went through; 1 for a block written from the head.</summary>
    public int Level { get; init; }

    /// <summary>The blocks written from the head that went into it, itself included if it is one.</summary>
    public IReadOnlyList<Ulid> Sources { get; init; } = [];

    /// <summary>Whether compacting it left nothing, so that it is to be deleted.</summary>
    public bool IsDeletable { get; init; }

    /// <summary>The blocks that it was made of directly.</summary>
    public IReadOnlyList<BlockDescription> Parents { get; init; } = [];

    /// <summary>Whether compacting it failed, so that it is not tried again.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Of <see cref="BlockHints"/>, sorted; others are kept.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    /// <summary>
    /// Whether the block holds what the head had in order and in full up to the block's end. Of other blocks the end does not tell how
    /// far the head has been written.
    /// </summary>
    public bool IsFromWholeHead =>
        !Hints.Any(hint => hint is BlockHints.FromOutOfOrder or BlockHints.FromStaleSeries or BlockHints.FromSelectedSeries);
}
