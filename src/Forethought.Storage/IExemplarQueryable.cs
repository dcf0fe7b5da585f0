using Forethought.Model;

namespace Forethought.Storage;

/// <summary>Something that exemplars can be read from. Thread-safe.</summary>
public interface IExemplarQueryable
{
    /// <summary>The exemplars with minTimeMs ≤ t ≤ maxTimeMs of series that one of the selectors accepts, sorted by the series' labels.</summary>
    /// <param name="minTimeMs">The first time, milliseconds since the Unix epoch.</param>
    /// <param name="maxTimeMs">The last time, inclusive.</param>
    /// <param name="selectors">Each accepts the series that all of its matchers accept.</param>
    /// <exception cref="StorageException">Exemplars cannot be read now.</exception>
    IReadOnlyList<ExemplarSeries> SelectExemplars(long minTimeMs, long maxTimeMs, IReadOnlyList<IReadOnlyList<Matcher>> selectors);
}
