using System.Collections.Concurrent;

namespace Forethought.PromQL.Execution;

/// <summary>
/// The threads that evaluate queries, apart from the thread pool, so that a heavy query does not delay scrapes. They start when
/// first needed and sleep while there is nothing to do. Thread-safe.
/// </summary>
internal sealed class QueryScheduler(int threads) : IDisposable
{
    // Deep expressions recurse once a level; the parser bounds the levels.
    private const int StackBytes = 8 << 20;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Lock _lock = new();
    private int _started;
    private int _busy;

    /// <summary>Runs a computation on one of the threads.</summary>
    /// <exception cref="ObjectDisposedException">The scheduler has been disposed of.</exception>
    public Task<T> RunAsync<T>(Func<T> compute)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Complete(completion, compute));
        StartThreadIfNeeded();
        return completion.Task;
    }

    /// <summary>Lets the threads end after the work that is queued.</summary>
    public void Dispose() => _work.CompleteAdding();

    private static void Complete<T>(TaskCompletionSource<T> completion, Func<T> compute)
    {
        try
        {
            completion.SetResult(compute());
        }
#pragma warning disable CA1031 // Whatever a query throws belongs to whoever awaits it; the thread serves the next one.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            completion.SetException(exception);
        }
    }

    private void StartThreadIfNeeded()
    {
        lock (_lock)
        {
            if (_started == threads || (_started > Volatile.Read(ref _busy) && _work.Count <= 1))
                return;
            _started++;
        }

        new Thread(Work, StackBytes) { IsBackground = true, Name = "query" }.Start();
    }

    private void Work()
    {
        foreach (Action action in _work.GetConsumingEnumerable())
        {
            Interlocked.Increment(ref _busy);
            action();
            Interlocked.Decrement(ref _busy);
        }
    }
}
