using System.Threading.Tasks.Sources;

namespace Forethought.Tsdb.Head;

/// <summary>Tells a transaction that its samples are visible. Reused by the appender that owns it, one transaction at a time.</summary>
internal sealed class PublishSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };

    /// <summary>The highest number with which the transaction marked samples, 0 while it still writes; under the isolation lock.</summary>
    public long PublishWith { get; set; }

    /// <summary>The task of the transaction at hand, to be awaited once.</summary>
    public ValueTask Arm()
    {
        _source.Reset();
        return new ValueTask(this, _source.Version);
    }

    /// <summary>Completes the task.</summary>
    public void Set() => _source.SetResult(true);

    /// <inheritdoc/>
    public void GetResult(short token) => _source.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
