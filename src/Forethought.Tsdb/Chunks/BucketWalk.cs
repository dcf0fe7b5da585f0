using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>Walks the buckets that spans describe: their indices, and their positions counted from 0.</summary>
internal ref struct BucketWalk(ReadOnlySpan<HistogramSpan> spans)
{
    private readonly ReadOnlySpan<HistogramSpan> _spans = spans;
    private int _span = -1;
    private uint _leftInSpan;

    /// <summary>The bucket's index on the schema's scale.</summary>
    public long Index { get; private set; } = -1;

    /// <summary>Its position among the buckets.</summary>
    public int Position { get; private set; } = -1;

    public bool MoveNext()
    {
        Index++;
        while (_leftInSpan == 0)
        {
            if (++_span == _spans.Length)
                return false;
            Index += _spans[_span].Offset;
            _leftInSpan = _spans[_span].Length;
        }

        _leftInSpan--;
        Position++;
        return true;
    }
}
