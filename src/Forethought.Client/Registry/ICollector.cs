namespace Forethought.Client;

/// <summary>
/// A source of metrics: a single metric, a family, or a component that reads its own state when it is asked (so that the hot path
/// keeps no metric at all). Both members are called from any thread, also at the same time.
/// </summary>
public interface ICollector
{
    /// <summary>
    /// What the collector may write; the same at each call. With none, the collector may write anything, and what it writes is only
    /// checked when it is collected.
    /// </summary>
    IReadOnlyList<MetricDescriptor> Descriptors { get; }

    /// <summary>Writes the current values, in any order. An exception makes the scrape report an error.</summary>
    void Collect(MetricWriter writer);
}
