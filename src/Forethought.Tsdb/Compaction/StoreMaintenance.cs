using System.Threading.Channels;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// The store's background work, round by round: pick up blocks that were put into the directory, drop what retention no longer keeps,
/// write complete ranges of the head into blocks, merge blocks. What fails is counted, reported, and tried again in the next
/// round. One round runs at a time; deletions and snapshots take their turn between rounds.
/// </summary>
internal sealed class StoreMaintenance : IAsyncDisposable
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(49);

    private readonly TsdbOptions _options;
    private readonly HeadMaintenance _head;
    private readonly BlockMaintenance? _blocks;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Starts the rounds.</summary>
    /// <param name="options">The store's.</param>
    /// <param name="head">Truncates the head.</param>
    /// <param name="blocks">Null for a store without a directory, whose head is all there is.</param>
    public StoreMaintenance(TsdbOptions options, HeadMaintenance head, BlockMaintenance? blocks)
    {
        _options = options;
        _head = head;
        _blocks = blocks;
        _loop = RunAsync();
    }

    /// <summary>Has a round begin soon, without waiting for it; after a failed one only after a rest. Any thread.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Runs one round now and waits for it.</summary>
    public Task RunOnceAsync() => InTurnAsync(RoundAsync);

    /// <summary>Truncates head and log, without writing a block.</summary>
    public Task TruncateHeadAsync(long minTimeMs) => InTurnAsync(stop => _head.TruncateAsync(minTimeMs, stop));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        _turn.Dispose();
        _stop.Dispose();
    }

    /// <summary>Does something between two rounds and waits for it.</summary>
    /// <param name="work">Told to end when the store is closed.</param>
    public async Task InTurnAsync(Func<CancellationToken, Task> work)
    {
        await _turn.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            await work(_stop.Token).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task RoundAsync(CancellationToken stop) => _blocks is null ? _head.ApplyRetentionAsync(stop) : _blocks.RunRoundAsync(stop);

    // A timer cannot be set to more than 49 days.
    private TimeSpan Interval => _options.BlockReloadInterval < LongestInterval ? _options.BlockReloadInterval : LongestInterval;

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _options.TimeProvider);
        TimeSpan rest = TimeSpan.Zero;
        try
        {
            Task<bool> tick = timer.WaitForNextTickAsync(_stop.Token).AsTask();
            Task<bool> wake = _wakes.Reader.ReadAsync(_stop.Token).AsTask();
            while (await (await Task.WhenAny(tick, wake).ConfigureAwait(false)).ConfigureAwait(false))
            {
                if (tick.IsCompleted)
                    tick = timer.WaitForNextTickAsync(_stop.Token).AsTask();
                if (wake.IsCompleted)
                    wake = _wakes.Reader.ReadAsync(_stop.Token).AsTask();
                rest = await TryRoundAsync().ConfigureAwait(false) ? TimeSpan.Zero : Longer(rest);
                await Task.Delay(rest, _options.TimeProvider, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closing.
        }
    }

    private static TimeSpan Longer(TimeSpan rest)
    {
        TimeSpan doubled = 2 * rest;
        return doubled < FirstRest ? FirstRest : doubled > LongestRest ? LongestRest : doubled;
    }

    private async Task<bool> TryRoundAsync()
    {
        try
        {
            await RunOnceAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            _options.Warned?.Invoke("compaction failed: " + e.Message);
            return false;
        }
    }
}
