using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>The pair numbers of series, 4 bytes each, behind <see cref="SeriesEntry.Pairs"/>. Used under the index lock.</summary>
/// <remarks>Bounds: an entry's count is set together with its pointer and is what was allocated.</remarks>
internal sealed unsafe class PairNumbers(NativeAllocator allocator) : IDisposable
{
    private readonly SmallHeap _heap = new(allocator, MemoryPurpose.SeriesLabels);

    /// <summary>Gives a new entry its numbers.</summary>
    public void Store(ref SeriesEntry entry, ReadOnlySpan<uint> pairs)
    {
        entry.PairCount = pairs.Length;
        entry.Pairs = (uint*)_heap.Allocate(pairs.Length * sizeof(uint));
        pairs.CopyTo(new Span<uint>(entry.Pairs, pairs.Length));
    }

    /// <summary>Frees an entry's numbers, which no reader can have any more.</summary>
    public void Free(in SeriesEntry entry) => _heap.Free(entry.Pairs, entry.PairCount * sizeof(uint));

    /// <inheritdoc/>
    public void Dispose() => _heap.Dispose();
}
