using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Lays the buckets of one side of an open chunk and of a sample over each other: the union in order, and where each bucket comes
/// from. Reused; not thread-safe.
/// </summary>
internal sealed class BucketMerge
{
    private readonly List<HistogramSpan> _spans = [];
    private int[] _fromChunk = [];
    private int[] _fromSample = [];
    private int _count;
    private int _lastIndex;

    /// <summary>Whether the sample has buckets that the chunk lacks.</summary>
    public bool HasNew { get; private set; }

    /// <summary>Whether the chunk has buckets that the sample lacks.</summary>
    public bool HasMissing { get; private set; }

    /// <summary>For each bucket of the union its position in the chunk, −1 if it is not there.</summary>
    public ReadOnlySpan<int> FromChunk => _fromChunk.AsSpan(0, _count);

    /// <summary>For each bucket of the union its position in the sample, −1 if it is not there.</summary>
    public ReadOnlySpan<int> FromSample => _fromSample.AsSpan(0, _count);

    /// <summary>The union as spans, the fewest possible.</summary>
    public IReadOnlyList<HistogramSpan> Spans => _spans;

    public void Compare(ReadOnlySpan<HistogramSpan> chunk, ReadOnlySpan<HistogramSpan> sample)
    {
        Reset(HistogramBuckets.CountBuckets(chunk) + HistogramBuckets.CountBuckets(sample));
        var inChunk = new BucketWalk(chunk);
        var inSample = new BucketWalk(sample);
        bool hasChunk = inChunk.MoveNext();
        bool hasSample = inSample.MoveNext();
        while (hasChunk || hasSample)
        {
            bool takesChunk = hasChunk && (!hasSample || inChunk.Index <= inSample.Index);
            bool takesSample = hasSample && (!hasChunk || inSample.Index <= inChunk.Index);
            Add(
                takesChunk ? inChunk.Index : inSample.Index,
                takesChunk ? inChunk.Position : -1,
                takesSample ? inSample.Position : -1);
            if (takesChunk)
                hasChunk = inChunk.MoveNext();
            if (takesSample)
                hasSample = inSample.MoveNext();
        }
    }

    private void Reset(int capacity)
    {
        if (_fromChunk.Length < capacity)
        {
            _fromChunk = new int[capacity];
            _fromSample = new int[capacity];
        }

        _spans.Clear();
        _count = 0;
        HasNew = false;
        HasMissing = false;
    }

    private void Add(long index, int inChunk, int inSample)
    {
        _fromChunk[_count] = inChunk;
        _fromSample[_count++] = inSample;
        HasNew |= inChunk < 0;
        HasMissing |= inSample < 0;
        if (_spans.Count > 0 && index == _lastIndex + 1)
            _spans[^1] = _spans[^1] with { Length = _spans[^1].Length + 1 };
        else
            _spans.Add(new HistogramSpan((int)(_spans.Count == 0 ? index : index - _lastIndex - 1), 1));
        _lastIndex = (int)index;
    }
}
