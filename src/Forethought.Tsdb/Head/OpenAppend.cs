namespace Forethought.Tsdb.Head;

/// <summary>An appender's transaction while it is open. Belongs to the appender, which uses it again; under the isolation lock.</summary>
internal sealed class OpenAppend
{
    private TaskCompletionSource? _closed;

    /// <summary>Completes when the transaction that is open now ends.</summary>
    public Task WhenClosed => (_closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Tells those who wait.</summary>
    public void NoteClosed()
    {
        _closed?.SetResult();
        _closed = null;
    }
}
