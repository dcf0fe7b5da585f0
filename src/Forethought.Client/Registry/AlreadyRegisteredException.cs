namespace Forethought.Client;

/// <summary>A collector with exactly these descriptors is registered; it may do as well as the new one.</summary>
public sealed class AlreadyRegisteredException(ICollector existing)
    : MetricRegistrationException("duplicate metrics collector registration attempted")
{
    /// <summary>The collector registered before.</summary>
    public ICollector Existing { get; } = existing;
}
