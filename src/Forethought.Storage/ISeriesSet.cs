using Forethought.Model;

namespace Forethought.Storage;

/// <summary>
/// Series one after another: labels, then samples in batches. Used from one thread. A set holds the storage that it reads until
/// it is disposed.
/// </summary>
public interface ISeriesSet : IDisposable
{
    /// <summary>The packed labels of the current series, valid until the next <see cref="MoveNext"/>.</summary>
    ReadOnlySpan<byte> PackedLabels { get; }

    /// <summary>Warnings met so far, for the answer's <c>warnings</c>.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>Moves to the next series; false at the end.</summary>
    /// <exception cref="StorageException">Data could not be read.</exception>
    bool MoveNext();

    /// <summary>
    /// Appends the next run of the current series' samples (one or more chunks) to a batch, restricted to the querier's time
    /// range, stale markers included. False when there was none left, and then the batch is unchanged.
    /// </summary>
    /// <exception cref="StorageException">Data could not be read.</exception>
    bool Read(SampleBatch batch);
}
