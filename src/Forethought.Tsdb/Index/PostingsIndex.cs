using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Index;

/// <summary>
/// The inverted index: for each label pair, and for all series, the references of the series that carry it. References are
/// added in ascending order. Everything here happens under the index lock; snapshots are read without it while an epoch is pinned.
/// </summary>
internal sealed class PostingsIndex : IDisposable
{
    private readonly LabelPairTable _pairs;
    private readonly SmallHeap _heap;
    private readonly PostingsWriter _writer;
    private readonly List<uint> _touched = [];
    private PostingsList _all;

    /// <summary>Makes an empty index over a pair table.</summary>
    public PostingsIndex(NativeAllocator allocator, EpochManager epochs, LabelPairTable pairs)
    {
        _pairs = pairs;
        _heap = new SmallHeap(allocator, MemoryPurpose.Postings);
        _writer = new PostingsWriter(_heap, epochs);
    }

    /// <summary>Enters a series with a reference greater than all before.</summary>
    public void Add(ulong reference, ReadOnlySpan<uint> pairs)
    {
        _writer.Append(ref _all, reference);
        foreach (uint number in pairs)
        {
            ref LabelPair pair = ref _pairs[number];
            pair.SeriesCount++;
            _writer.Append(ref pair.Postings, reference);
        }
    }

    /// <summary>The list of a pair as it stands.</summary>
    public PostingsList Snapshot(uint pair) => _pairs[pair].Postings;

    /// <summary>All series as they stand.</summary>
    public PostingsList SnapshotAll() => _all;

    /// <summary>Notes that a series goes: its pairs' lists are due for <see cref="Sweep"/>.</summary>
    public void MarkRemoved(ReadOnlySpan<uint> pairs)
    {
        foreach (uint number in pairs)
        {
            ref LabelPair pair = ref _pairs[number];
            pair.SeriesCount--;
            if (pair.IsTouched != 0)
                continue;
            pair.IsTouched = 1;
            _touched.Add(number);
        }
    }

    /// <summary>
    /// Rewrites the lists that <see cref="MarkRemoved"/> noted without the references that are not alive, and forgets pairs that no
    /// series carries.
    /// </summary>
    /// <returns>Numbers of forgotten pairs, to be recycled after the epoch.</returns>
    public List<uint> Sweep(Predicate<ulong> isAlive)
    {
        var forgotten = new List<uint>();
        if (_touched.Count > 0)
            _writer.Rewrite(ref _all, isAlive);
        foreach (uint number in _touched)
        {
            ref LabelPair pair = ref _pairs[number];
            pair.IsTouched = 0;
            if (pair.SeriesCount > 0)
            {
                _writer.Rewrite(ref pair.Postings, isAlive);
                continue;
            }

            _writer.Retire(pair.Postings);
            pair.Postings = default;
            _pairs.Remove(number);
            forgotten.Add(number);
        }

        _touched.Clear();
        return forgotten;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Lists longer than the heap's largest class were allocated one by one.
        _writer.Free(_all);
        for (uint number = 0; number < _pairs.Length; number++)
            _writer.Free(_pairs[number].Postings);
        _heap.Dispose();
    }
}
