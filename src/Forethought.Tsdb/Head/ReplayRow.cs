namespace Forethought.Tsdb.Head;

/// <summary>A float sample on its way from the thread that decodes to the one that appends.</summary>
internal struct ReplayRow
{
    public long TimeMs;
    public double Value;
    public uint Slot;
}
