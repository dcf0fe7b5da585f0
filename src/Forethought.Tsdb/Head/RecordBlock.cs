namespace Forethought.Tsdb.Head;

/// <summary>Log records on their way from the thread that reads them to the one that decodes them, with their places. Reused.</summary>
internal sealed class RecordBlock(int enoughBytes)
{
    /// <summary>A record longer than this many times a block's size is not kept room for.</summary>
    public const int LargeFactor = 4;

    private readonly List<Place> _places = [];
    private byte[] _bytes = new byte[enoughBytes];
    private int _length;

    /// <summary>What ended reading behind the block's records, if anything did.</summary>
    public Exception? Failure { get; set; }

    public int Count => _places.Count;

    /// <summary>Whether the block should be handed over.</summary>
    public bool IsFull => _length >= enoughBytes;

    /// <summary>A record.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _places[index - 1].End;
            return _bytes.AsSpan(start, _places[index].End - start);
        }
    }

    /// <summary>The segment that a record is in.</summary>
    public int SegmentOf(int index) => _places[index].Segment;

    /// <summary>Where in its segment a record begins.</summary>
    public long OffsetOf(int index) => _places[index].Offset;

    /// <summary>Copies a record.</summary>
    public void Add(ReadOnlySpan<byte> record, int segment, long offset)
    {
        if (_bytes.Length - _length < record.Length)
            Array.Resize(ref _bytes, _length + record.Length);
        record.CopyTo(_bytes.AsSpan(_length));
        _length += record.Length;
        _places.Add(new Place(_length, segment, offset));
    }

    /// <summary>Forgets all records, and lets a buffer go that had to grow.</summary>
    public void Clear()
    {
        if (_bytes.Length > (LargeFactor + 1) * enoughBytes)
            _bytes = new byte[enoughBytes];
        _length = 0;
        _places.Clear();
    }

    private readonly record struct Place(int End, int Segment, long Offset);
}
