namespace Forethought.Discovery;

/// <summary>
/// The pauses before updates: 100 ms after a quiet time, growing by half each time while updates follow each other, up to a limit. Some
/// mechanisms report every small change of a large system, and each update makes the consumer look at all targets. For one thread.
/// </summary>
internal sealed class UpdatePace(TimeSpan longest, TimeProvider timeProvider)
{
    private const double Growth = 1.5;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private TimeSpan _next = Shortest;
    private DateTimeOffset _lastSent = DateTimeOffset.MinValue;

    /// <summary>Waits before the next update.</summary>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_lastSent == DateTimeOffset.MinValue || timeProvider.GetUtcNow() - _lastSent > longest)
        {
            _next = Shortest;
        }

        TimeSpan pause = _next < longest ? _next : longest;
        _next = pause * Growth;
        await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Notes that an update was sent.</summary>
    internal void Sent() => _lastSent = timeProvider.GetUtcNow();
}
