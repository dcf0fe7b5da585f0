namespace Forethought.Tsdb.Exemplars;

/// <summary>The series that have exemplars, found by their labels. Numbers of removed series are used again. Not thread-safe.</summary>
internal sealed class ExemplarSeriesTable(LabelHeap labels)
{
    private const int None = ExemplarEntry.None;

    private ExemplarSeriesEntry[] _series = [];
    private int[] _buckets = [];
    private int _used;
    private int _firstFree = None;

    /// <summary>Series in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers given out so far; those of removed series have no exemplars.</summary>
    public ReadOnlySpan<ExemplarSeriesEntry> Entries => _series.AsSpan(0, _used);

    public ref ExemplarSeriesEntry this[int number] => ref _series[number];

    /// <summary>The number of a series, or <see cref="ExemplarEntry.None"/>.</summary>
    public int Find(ReadOnlySpan<byte> packed, ulong hash)
    {
        if (_buckets.Length == 0)
            return None;
        int number = BucketOf(hash);
        while (number != None && !(_series[number].Hash == hash && _series[number].PackedLabels.SequenceEqual(packed)))
            number = _series[number].NextInChain;
        return number;
    }

    /// <summary>Adds a series that is not there, without exemplars.</summary>
    public int Add(ReadOnlySpan<byte> packed, ulong hash)
    {
        int number = TakeNumber();
        ref ExemplarSeriesEntry entry = ref _series[number];
        entry.Hash = hash;
        entry.LabelsAddress = labels.Store(packed);
        entry.LabelsLength = packed.Length;
        entry.Oldest = entry.Newest = None;
        ref int bucket = ref BucketOf(hash);
        entry.NextInChain = bucket;
        bucket = number;
        Count++;
        return number;
    }

    /// <summary>Removes a series that has no exemplars left.</summary>
    public void Remove(int number)
    {
        ref ExemplarSeriesEntry entry = ref _series[number];
        ref int link = ref BucketOf(entry.Hash);
        while (link != number)
            link = ref _series[link].NextInChain;
        link = entry.NextInChain;
        labels.Free(entry.LabelsAddress, entry.LabelsLength);
        entry.NextInChain = _firstFree;
        _firstFree = number;
        Count--;
    }

    /// <summary>Forgets all series, whose labels were given back.</summary>
    public void Clear()
    {
        Array.Fill(_buckets, None);
        _used = 0;
        _firstFree = None;
        Count = 0;
    }

    private ref int BucketOf(ulong hash) => ref _buckets[hash & (ulong)(_buckets.Length - 1)];

    private int TakeNumber()
    {
        if (_firstFree != None)
        {
            int freed = _firstFree;
            _firstFree = _series[freed].NextInChain;
            return freed;
        }

        if (_used == _series.Length)
            Grow();
        return _used++;
    }

    // Every number is in use, so every series goes into a bucket.
    private void Grow()
    {
        int capacity = Math.Max(64, 2 * _series.Length);
        Array.Resize(ref _series, capacity);
        _buckets = new int[capacity];
        Array.Fill(_buckets, None);
        for (int number = 0; number < _used; number++)
        {
            ref int bucket = ref BucketOf(_series[number].Hash);
            _series[number].NextInChain = bucket;
            bucket = number;
        }
    }
}
