using Forethought.Storage;

namespace Forethought.Tsdb.Head;

/// <summary>The float samples of a transaction as columns, as the log's encoder reads them. Reused.</summary>
internal sealed class StagedFloats
{
    // A backfill or a first scrape of a huge target may need more; what it leaves behind is let go.
    private const int MaxKept = 64 * 1024;

    public int Count;
    public uint[] Slots = new uint[256];
    public SeriesRef[] Series = new SeriesRef[256];
    public long[] TimesMs = new long[256];
    public double[] Values = new double[256];

    /// <summary>Makes room for more rows.</summary>
    public void Reserve(int more)
    {
        int needed = Count + more;
        if (needed <= Slots.Length)
            return;
        Resize(Math.Max(needed, 2 * Slots.Length));
    }

    /// <summary>Adds a row; room was reserved.</summary>
    public void Add(uint slot, SeriesRef series, long timeMs, double value)
    {
        Slots[Count] = slot;
        Series[Count] = series;
        TimesMs[Count] = timeMs;
        Values[Count++] = value;
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        Count = 0;
        if (Slots.Length > MaxKept)
            Resize(256);
    }

    private void Resize(int length)
    {
        Array.Resize(ref Slots, length);
        Array.Resize(ref Series, length);
        Array.Resize(ref TimesMs, length);
        Array.Resize(ref Values, length);
    }
}
