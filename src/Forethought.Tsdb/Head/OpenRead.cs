namespace Forethought.Tsdb.Head;

/// <summary>A reader of the head: which transactions it sees and which times it is interested in.</summary>
/// <param name="bound">The newest transaction that it sees.</param>
/// <param name="minTimeMs">The first time it reads.</param>
/// <param name="maxTimeMs">The last time it reads.</param>
internal sealed class OpenRead(long bound, long minTimeMs, long maxTimeMs)
{
    private TaskCompletionSource? _closed;

    public long Bound { get; } = bound;

    public long MinTimeMs { get; } = minTimeMs;

    public long MaxTimeMs { get; } = maxTimeMs;

    /// <summary>Completes when the reader is closed; under the isolation lock.</summary>
    public Task WhenClosed => (_closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Tells those who wait; under the isolation lock.</summary>
    public void NoteClosed() => _closed?.SetResult();
}
