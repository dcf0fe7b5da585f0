namespace Forethought.Tsdb.Index;

/// <summary>A name and a value that occur together on series of the head, interned. Plain data in native memory.</summary>
internal unsafe struct LabelPair
{
    /// <summary>The value's bytes.</summary>
    public byte* Value;

    public int ValueLength;

    /// <summary>Number of the <see cref="LabelName"/>.</summary>
    public uint Name;

    /// <summary>Upper half of the pair's hash.</summary>
    public uint Hash;

    /// <summary>Series that carry the pair.</summary>
    public int SeriesCount;

    /// <summary>Where the pair stands among its name's values.</summary>
    public int PlaceInName;

    /// <summary>Set while the collection of a truncation has the pair on its list.</summary>
    public int IsTouched;

    /// <summary>The references of the series that carry the pair.</summary>
    public PostingsList Postings;

    public readonly ReadOnlySpan<byte> ValueBytes => new(Value, ValueLength);
}
