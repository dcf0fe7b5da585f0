using System.Runtime.InteropServices;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>The fixed part of an open histogram chunk's native buffer, see <see cref="HistogramChunkState"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHistogramHeader
{
    public long TimeMs;
    public long TimeDelta;
    public TrackedValue Count;
    public TrackedValue ZeroCount;
    public TrackedValue Sum;
    public StartTimeWriter Starts;
    public double ZeroThreshold;
    public int Schema;

    /// <summary>Bits of the encoded chunk, its header included.</summary>
    public int BitLength;

    public int PositiveSpans;
    public int NegativeSpans;
    public int CustomValues;
    public int PositiveBuckets;
    public int NegativeBuckets;
    public ushort Samples;
    public CounterResetHint ResetHeader;

    /// <summary>Whether the encoding is the one with start timestamps.</summary>
    public bool HasStartTimes;

    public readonly int ByteLength => (BitLength + 7) >> 3;

    public readonly bool IsStale => Sum.Value == StaleMarker.Bits;
}
