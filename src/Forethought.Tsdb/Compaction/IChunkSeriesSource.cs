namespace Forethought.Tsdb.Compaction;

/// <summary>
/// What a block is written from: series in the order of their labels (<see cref="Model.PackedLabels.Compare"/>), each with chunks
/// that follow one another in time without overlap. Read once, by one thread. Holds what it reads until it is disposed.
/// </summary>
internal interface IChunkSeriesSource : IDisposable
{
    /// <summary>
    /// Every name and value that the series use, and possibly more, in byte order and each once. May be walked before and beside
    /// the series; a text is valid until the walk moves on. Upstream's head has the empty text among its symbols: blocks have its bytes
    /// only with that.
    /// </summary>
    IEnumerable<ReadOnlyMemory<byte>> Symbols { get; }

    /// <summary>The packed labels of the current series, valid until the next <see cref="MoveNext"/>.</summary>
    ReadOnlySpan<byte> PackedLabels { get; }

    /// <summary>Moves to the next series; false at the end. A series may turn out to have no chunks; it is left out of the block.</summary>
    /// <exception cref="Storage.StorageException">What the source reads is damaged.</exception>
    /// <exception cref="IOException">What the source reads cannot be read.</exception>
    bool MoveNext();

    /// <summary>Takes the current series' next chunk; false when there is none left.</summary>
    /// <exception cref="Storage.StorageException">What the source reads is damaged.</exception>
    /// <exception cref="IOException">What the source reads cannot be read.</exception>
    bool NextChunk(out SourceChunk chunk);
}
