namespace Forethought.Storage;

/// <summary>Something that samples can be read from. Thread-safe.</summary>
public interface IQueryable
{
    /// <summary>
    /// Opens a view on the samples with minTimeMs ≤ t ≤ maxTimeMs (both inclusive, milliseconds since the Unix epoch). What it
    /// reads stays valid until it is disposed, which must be after the answer was written.
    /// </summary>
    IQuerier OpenQuerier(long minTimeMs, long maxTimeMs);
}
