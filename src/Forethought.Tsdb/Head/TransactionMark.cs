namespace Forethought.Tsdb.Head;

/// <summary>What a transaction marks its samples with while it writes them.</summary>
/// <param name="number">Its number from <see cref="IsolationState.Begin"/>.</param>
/// <param name="watermark">A number up to which readers tell no transactions apart.</param>
internal struct TransactionMark(long number, long watermark)
{
    public readonly long Number = number;

    public readonly long Watermark = watermark;

    /// <summary>What replay marks with: every reader sees it.</summary>
    public static TransactionMark Replayed => default;

    /// <summary>The highest number given to one of its samples.</summary>
    public long PublishWith = number;
}
