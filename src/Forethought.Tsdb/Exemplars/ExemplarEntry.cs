using System.Runtime.InteropServices;

namespace Forethought.Tsdb.Exemplars;

/// <summary>A place in the ring: an exemplar, linked with its neighbours in time among those of its series. 40 bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ExemplarEntry
{
    public const int None = -1;

    public long TimeMs;
    public double Value;
    public nint LabelsAddress;

    /// <summary>The series' number in the <see cref="ExemplarSeriesTable"/>.</summary>
    public int Series;

    public int Previous;
    public int Next;
    public ushort LabelsLength;
    public bool HasTime;

    public readonly ReadOnlySpan<byte> PackedLabels => LabelHeap.Read(LabelsAddress, LabelsLength);
}
