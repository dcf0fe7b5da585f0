using System.Text.Json;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Keeps <see cref="SeriesStateFile"/> up to date once a second and takes from it what an earlier run knew: references that were given
/// out then are not given out again, even if the log that named their series is lost.
/// </summary>
internal sealed class SeriesStateKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HeadState _head;
    private readonly HeadLog _log;
    private readonly SeriesStateFile _file;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Reads the file and begins to write it, after the log was replayed.</summary>
    public SeriesStateKeeper(HeadState head, HeadLog log)
    {
        _head = head;
        _log = log;
        _file = new SeriesStateFile(log.Directory);
        Restore();
        _loop = RunAsync();
    }

    /// <summary>Stops writing and notes that the store was closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
        await _head.Options.DiskWork.RunAsync(() => Write(isClosed: true)).ConfigureAwait(false);
    }

    // The log was replayed and has named its series already; upstream, which is to scrape before that, looks through its end for them.
    private void Restore()
    {
        try
        {
            if (_file.Read() is not { } state)
                return;
            // Nobody comes that far; and there must be references left for what comes.
            if (state.NewestReference < SeriesRefMap.Limit / 2)
                _head.Index.ReserveReferences(state.NewestReference);
            _head.Options.Informed?.Invoke(state.IsClosed
                ? $"Fast startup: clean shutdown detected, restored last series ID last_series_id={state.NewestReference}"
                : $"Fast startup: unclean shutdown detected from_segment={state.Segment} last_series_id={_head.Index.NewestReference}");
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException)
        {
            _head.Options.Warned?.Invoke("Failed to read series state file, skipping the fast startup: " + e.Message);
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _head.Options.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                await _head.Options.DiskWork.RunAsync(() => Write(isClosed: false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The store is closing.
        }
    }

    private void Write(bool isClosed)
    {
        try
        {
            _file.Write(_head.Index.NewestReference, _log.Lane.Statistics.CurrentSegment, isClosed);
        }
        catch (IOException e)
        {
            _head.Options.Warned?.Invoke("Failed to write series state file: " + e.Message);
        }
    }
}
