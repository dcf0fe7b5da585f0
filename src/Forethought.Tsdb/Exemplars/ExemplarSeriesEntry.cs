using System.Runtime.InteropServices;

namespace Forethought.Tsdb.Exemplars;

/// <summary>A series that has exemplars.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ExemplarSeriesEntry
{
    public ulong Hash;
    public nint LabelsAddress;
    public int LabelsLength;

    /// <summary>Where in the ring its oldest exemplar is; <see cref="ExemplarEntry.None"/> when it has none.</summary>
    public int Oldest;

    /// <summary>Where in the ring its newest exemplar is.</summary>
    public int Newest;

    /// <summary>The next series in the same bucket, or of the free ones.</summary>
    public int NextInChain;

    public readonly bool IsEmpty => Oldest == ExemplarEntry.None;

    public readonly ReadOnlySpan<byte> PackedLabels => LabelHeap.Read(LabelsAddress, LabelsLength);
}
