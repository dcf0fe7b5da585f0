using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// One source of <see cref="ChunkMerge"/>: holds the next chunk that it has, without what was deleted. Reused for series after
/// series; not thread-safe.
/// </summary>
internal sealed class MergeSource(NativeAllocator allocator) : IDisposable
{
    private readonly TimeIntervals _deleted = new();
    private ChunkDeletion? _deletion;
    private IChunkSeriesSource? _source;
    private int _divided;

    /// <summary>The chunk that <see cref="MoveNext"/> found. May be exchanged for another one to be filled next.</summary>
    public HeldChunk Held { get; set; } = new();

    /// <summary>Takes over a source, whose current series is meant.</summary>
    public void Start(IChunkSeriesSource source, ReadOnlySpan<TimeInterval> deleted)
    {
        _source = source;
        _deleted.Clear();
        _deleted.AddRange(deleted);
        _divided = int.MaxValue;
    }

    /// <summary>Holds the next chunk; false when there is none.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            if (_deletion is not null && _divided < _deletion.Count)
            {
                Held.Copy(_deletion[_divided++]);
                return true;
            }

            if (!_source!.NextChunk(out SourceChunk chunk))
                return false;
            if (!IsChanged(chunk))
            {
                Held.Copy(chunk);
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _deletion?.Dispose();

    private bool IsChanged(SourceChunk chunk)
    {
        _divided = int.MaxValue;
        if (_deleted.Count == 0)
            return false;
        _deletion ??= new ChunkDeletion(allocator);
        if (!_deletion.Apply(chunk, _deleted.Span))
            return false;
        _divided = 0;
        return true;
    }
}
