using System.Runtime.InteropServices;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// What appending touches of a series: one cache line of plain data in native memory, read and changed under the shard's lock.
/// Offsets 0–47: the open chunk, floats or histograms by <see cref="Flags"/>; 48–55: newest transaction; 56–59: time left of the
/// chunk; 60–61: samples of the newest transaction; 62–63: flags.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct SeriesState
{
    /// <summary>The open chunk while <see cref="SeriesFlags.OpenFloats"/> is set.</summary>
    [FieldOffset(0)]
    public XorChunkState Floats;

    /// <summary>The open chunk while <see cref="SeriesFlags.OpenXor2"/> is set.</summary>
    [FieldOffset(0)]
    public Xor2ChunkState Xor2;

    /// <summary>
    /// The open chunk while <see cref="SeriesFlags.OpenHistograms"/> or <see cref="SeriesFlags.OpenFloatHistograms"/> is set.
    /// </summary>
    [FieldOffset(0)]
    public HistogramChunkState Histograms;

    /// <summary>
    /// Buckets of the newest sample, which is in a full chunk, while <see cref="SeriesFlags.Histogram"/> is set and no chunk is open.
    /// </summary>
    [FieldOffset(0)]
    public int SealedBuckets;

    /// <summary>The number marked on the newest samples; readers with a lower bound do not see them.</summary>
    [FieldOffset(48)]
    public long Transaction;

    /// <summary>Milliseconds after the newest sample at which the open chunk ends at the latest.</summary>
    [FieldOffset(56)]
    public uint RemainingMs;

    /// <summary>Newest samples that carry <see cref="Transaction"/>.</summary>
    [FieldOffset(60)]
    public ushort RunLength;

    [FieldOffset(62)]
    public SeriesFlags Flags;
}
