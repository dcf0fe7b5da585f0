namespace Forethought.Discovery;

/// <summary>Finds targets by one mechanism and one section of the configuration.</summary>
public interface IDiscoverer
{
    /// <summary>
    /// Publishes all groups at first and then those that changed, until cancelled. Ending earlier keeps what was published; an exception
    /// is reported, what was published stays, and the discoverer is run again after a while.
    /// </summary>
    /// <param name="publish">Takes groups; may be called from any thread, one call at a time.</param>
    /// <param name="cancellationToken">Ends the discovery.</param>
    Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellationToken);
}
