namespace Forethought.Model;

/// <summary>
/// Walks one side of a histogram: index and position of each bucket, from the zero bucket outwards. Stops early when the spans
/// promise more buckets than there are, so that an invalid histogram does no harm.
/// </summary>
public ref struct BucketCursor(ReadOnlySpan<HistogramSpan> spans, int bucketCount)
{
    private readonly ReadOnlySpan<HistogramSpan> _spans = spans;
    private readonly int _bucketCount = bucketCount;
    private int _span = -1;
    private uint _leftInSpan;

    /// <summary>The current bucket's index in the schema.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>The current bucket's position in the array of buckets.</summary>
    public int Position { get; private set; } = -1;

    /// <summary>Moves to the next bucket; false at the end.</summary>
    public bool MoveNext()
    {
        while (_leftInSpan == 0)
        {
            if (++_span >= _spans.Length)
                return false;
            _leftInSpan = _spans[_span].Length;
            Index += _spans[_span].Offset;
        }

        if (Position + 1 >= _bucketCount)
            return false;
        _leftInSpan--;
        Index++;
        Position++;
        return true;
    }
}
