using Forethought.Client;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The head's background work: once a minute it looks whether retention has to drop anything. A failure is counted, reported and
/// tried again a minute later. One truncation runs at a time.
/// </summary>
internal sealed class HeadMaintenance : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly HeadState _head;
    private readonly HeadLog? _log;
    private readonly HeadTruncation _truncation;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Starts the work.</summary>
    public HeadMaintenance(HeadState head, HeadLog? log)
    {
        _head = head;
        _log = log;
        _truncation = new HeadTruncation(head);
        _loop = RunAsync();
    }

    /// <summary>How long truncations of the head took.</summary>
    public Summary TruncationDuration => _truncation.Duration;

    /// <summary>Truncates if retention no longer keeps the oldest samples, in steps of the chunk range.</summary>
    public Task ApplyRetentionAsync() => TruncateInTurnAsync(OldestKept);

    /// <summary>Truncates head and log.</summary>
    public Task TruncateAsync(long minTimeMs) => TruncateInTurnAsync(() => minTimeMs);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        _turn.Dispose();
        _stop.Dispose();
    }

    // Null while there is nothing to drop.
    private long? OldestKept()
    {
        long retention = _head.RetentionMs;
        long range = _head.Options.ChunkRangeMs;
        long min = _head.Bounds.MinTimeMs, max = _head.Bounds.MaxTimeMs;
        if (retention <= 0 || min > max || max - min < retention + range)
            return null;
        return (max - retention) / range * range;
    }

    // The time is asked for when it is this caller's turn: a truncation just before may have left nothing to do.
    private async Task TruncateInTurnAsync(Func<long?> minTime)
    {
        await _turn.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            if (minTime() is { } minTimeMs)
                await TruncateAlwaysAsync(minTimeMs).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TruncateAlwaysAsync(long minTimeMs)
    {
        HeadCounters.Add(ref _head.Counters.Truncations, 1);
        try
        {
            IReadOnlyList<ulong> collected = await _truncation.TruncateAsync(minTimeMs, _stop.Token).ConfigureAwait(false);
            if (_log is not null)
                await _log.TruncateAsync(minTimeMs, collected).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            HeadCounters.Add(ref _head.Counters.TruncationsFailed, 1);
            throw;
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _head.Options.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                await TryApplyRetentionAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The store is closing.
        }
    }

    private async Task TryApplyRetentionAsync()
    {
        try
        {
            await ApplyRetentionAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _head.Options.Warned?.Invoke("head truncate failed: " + e.Message);
        }
    }
}
