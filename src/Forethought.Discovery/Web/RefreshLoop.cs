namespace Forethought.Discovery.Web;

/// <summary>
/// The life of a mechanism that asks for everything at intervals: at once, then each interval; a failure is counted and reported and
/// changes nothing.
/// </summary>
internal sealed class RefreshLoop(string mechanism, string set, TimeSpan interval, MechanismMetrics metrics, DiscoveryOptions options)
{
    internal async Task RunAsync(
        Func<CancellationToken, Task<IReadOnlyList<TargetGroup>>> refresh,
        Action<IReadOnlyList<TargetGroup>> publish,
        CancellationToken cancellationToken)
    {
        metrics.Announce(mechanism, set);
        using var timer = new PeriodicTimer(RefreshInterval.Of(interval, TimeSpan.FromMinutes(1)), options.TimeProvider);
        do
        {
            if (await TryRefreshAsync(refresh, cancellationToken).ConfigureAwait(false) is { } groups)
            {
                publish(groups);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task<IReadOnlyList<TargetGroup>?> TryRefreshAsync(
        Func<CancellationToken, Task<IReadOnlyList<TargetGroup>>> refresh, CancellationToken cancellationToken)
    {
        long start = options.TimeProvider.GetTimestamp();
        try
        {
            IReadOnlyList<TargetGroup> groups = await refresh(cancellationToken).ConfigureAwait(false);
            metrics.Refreshed(mechanism, set, options.TimeProvider.GetElapsedTime(start), failed: false);
            return groups;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.Refreshed(mechanism, set, options.TimeProvider.GetElapsedTime(start), failed: true);
            options.Problem?.Invoke(new DiscoveryProblem("Unable to refresh target groups", mechanism, set, e));
            return null;
        }
    }
}
