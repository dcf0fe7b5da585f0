using System.Buffers.Binary;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// What histogram chunks begin with: the number of samples, 2 bytes big-endian, and a byte of which the top two bits are the
/// counter-reset header: 00 unknown, 10 a reset before the chunk, 01 none, 11 gauges. Chunks with start timestamps have the latter in
/// the top two bits of the count, which has 14 bits, and the header of <see cref="StartTimeReader"/> in the third byte.
/// </summary>
internal static class HistogramChunkHeader
{
    public const int Bytes = ChunkHeader.SampleCountBytes + 1;

    /// <summary>Where the counter-reset header is.</summary>
    public const int FlagsOffset = ChunkHeader.SampleCountBytes;

    /// <summary>The bits of the count that a chunk with start timestamps has.</summary>
    public const int CountMaskWithStartTimes = 0x3fff;

    private const byte Mask = 0b1100_0000;

    /// <summary>Writes the header of a chunk.</summary>
    /// <param name="chunk">The chunk's first bytes.</param>
    /// <param name="samples">The number of samples, at most <see cref="MaxSamples"/>.</param>
    /// <param name="header">The counter-reset header.</param>
    /// <param name="startHeader">The header of the start timestamps, null if the encoding has none.</param>
    public static void Write(Span<byte> chunk, int samples, CounterResetHint header, byte? startHeader)
    {
        byte flags = Encode(header);
        if (startHeader is not { } starts)
        {
            BinaryPrimitives.WriteUInt16BigEndian(chunk, (ushort)samples);
            chunk[FlagsOffset] = flags;
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(chunk, (ushort)((flags << 8) | samples));
        chunk[FlagsOffset] = starts;
    }

    /// <summary>The most samples that the count has room for.</summary>
    public static int MaxSamples(bool hasStartTimes) => hasStartTimes ? CountMaskWithStartTimes : ushort.MaxValue;

    public static byte Encode(CounterResetHint header) => header switch
    {
        CounterResetHint.CounterReset => 0b1000_0000,
        CounterResetHint.NotCounterReset => 0b0100_0000,
        CounterResetHint.Gauge => 0b1100_0000,
        _ => 0,
    };

    public static CounterResetHint Decode(byte flags) => (flags & Mask) switch
    {
        0b1000_0000 => CounterResetHint.CounterReset,
        0b0100_0000 => CounterResetHint.NotCounterReset,
        0b1100_0000 => CounterResetHint.Gauge,
        _ => CounterResetHint.Unknown,
    };

    /// <summary>
    /// What is known about a reset before a sample that was read. Of the first one nothing is, whatever the header says: the chunk
    /// before this one may be gone, or may have come later.
    /// </summary>
    /// <param name="header">The chunk's header.</param>
    /// <param name="isFirst">Whether it is the chunk's first sample.</param>
    public static CounterResetHint HintOf(CounterResetHint header, bool isFirst)
    {
        if (header == CounterResetHint.Gauge)
            return CounterResetHint.Gauge;
        return isFirst ? CounterResetHint.Unknown : CounterResetHint.NotCounterReset;
    }
}
