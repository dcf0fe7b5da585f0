namespace Forethought.Storage;

/// <summary>
/// One transaction of writes: visible as a whole after <see cref="CommitAsync"/>, or not at all. Used by one caller at a time;
/// disposing without a commit rolls back.
/// </summary>
public interface IAppender : IDisposable
{
    /// <summary>
    /// The reference of the series with these labels, creating it if it does not exist. A created series stays if the
    /// transaction is rolled back, as upstream's does, until the store collects series without samples.
    /// </summary>
    /// <param name="packedLabels">Well-formed packed labels, not empty.</param>
    /// <param name="hash">Their <c>XxHash64</c>.</param>
    /// <param name="created">Whether this call created the series.</param>
    SeriesRef GetOrCreate(ReadOnlySpan<byte> packedLabels, ulong hash, out bool created);

    /// <summary>
    /// Whether a reference from an earlier transaction still names a series; collected series lose theirs for good.
    /// </summary>
    bool IsKnown(SeriesRef series);

    /// <summary>
    /// Checks and stages the rows of a batch and fills its outcomes; a refused row is counted and skipped and does not fail the
    /// transaction. The batch may be reused as soon as the call returns.
    /// </summary>
    /// <returns>The number of rows with an outcome other than <see cref="AppendOutcome.Accepted"/> or
    /// <see cref="AppendOutcome.Identical"/>.</returns>
    int Append(AppendBatch batch);

    /// <summary>
    /// Hands the staged samples to the log and makes them visible at once. When the task completes they are acknowledged: a
    /// killed process does not lose them.
    /// </summary>
    /// <exception cref="IOException">The log could not be written (a full disk, say): nothing of the transaction is visible.</exception>
    ValueTask CommitAsync(CancellationToken cancellationToken = default);

    /// <summary>Drops the staged samples.</summary>
    void Rollback();
}
