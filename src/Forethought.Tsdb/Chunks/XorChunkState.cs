using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// An open chunk of floats in upstream's XOR encoding: 48 bytes that live in the series' state, with the bits written so far in a
/// chain of blocks (<see cref="ChunkBits"/>). Used under the lock of the shard that the slab belongs to; a reader copies the chunk
/// under the same lock. Copying the structure does not copy the chunk.
/// </summary>
/// <remarks>
/// Encoding (upstream's <c>tsdb/docs/format/chunks.md</c>): the number of samples, 2 bytes big-endian; the first time as varint and
/// the first value's 64 bits; the second time's delta as uvarint and a value; then for each sample the change of the delta (<c>0</c>
/// none, <c>10</c> 14, <c>110</c> 17, <c>1110</c> 20, <c>1111</c> 64 bits) and a value: the XOR with the previous one, <c>0</c> none,
/// <c>10</c> bits within the previous window, <c>11</c> a new window in 5 bits of leading zeros and 6 bits of width.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct XorChunkState
{
    /// <summary>A chunk is cut when it has this many bytes, so that the largest sample (19 bytes) keeps it within 1 KiB.</summary>
    public const int FullBytes = 1024 - 19;

    /// <summary>The bytes before the bits: the number of samples.</summary>
    public const int HeaderBytes = 2;

    private long _lastTimeMs;
    private double _lastValue;
    private ulong _lastDelta;
    private ChunkBits _bits;

    /// <summary>The number of samples; 0 while there is no chunk.</summary>
    public readonly int SampleCount => _bits.Samples;

    /// <summary>The time of the last sample in milliseconds.</summary>
    public readonly long LastTimeMs => _lastTimeMs;

    /// <summary>The last value.</summary>
    public readonly double LastValue => _lastValue;

    /// <summary>The length of the encoded chunk in bytes, its header included.</summary>
    public readonly int ByteLength => HeaderBytes + _bits.ByteLength;

    /// <summary>Whether the next sample must go into another chunk.</summary>
    public readonly bool IsFull => ByteLength > FullBytes || _bits.Samples == ushort.MaxValue;

    /// <summary>Starts a chunk with its first sample. The state must be empty: new or freed.</summary>
    /// <exception cref="NativeMemoryException">There is no memory; the state is still empty.</exception>
    public void Start(BlockSlab slab, long timeMs, double value)
    {
        XorChunkState started = default;
        started._bits.Start(slab);
        started._lastTimeMs = timeMs;
        started._lastValue = value;
        started._bits.Samples = 1;
        started._bits.WriteUvarint(slab, Varint.ZigZag(timeMs));
        started._bits.Write(slab, BitConverter.DoubleToUInt64Bits(value), 64);
        this = started;
    }

    /// <summary>Appends a sample to a chunk that was started and is not full. The time is later than the last one.</summary>
    /// <exception cref="NativeMemoryException">There is no memory; the chunk is as it was.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(BlockSlab slab, long timeMs, double value)
    {
        // A sample has at most 148 bits, so it fills three words and needs one new block at most: nothing below can fail. To change a
        // copy instead, which is put in place at the end, costs more than all the rest: the processor must wait for its parts.
        slab.ReserveBlock();
        ulong delta = (ulong)(timeMs - _lastTimeMs);
        ulong head = 0;
        int headBits = 1;
        if (_bits.Samples == 1)
        {
            _bits.WriteUvarint(slab, delta);
            headBits = 0;
        }
        else if (delta != _lastDelta)
        {
            headBits = EncodeDeltaChange(slab, (long)(delta - _lastDelta), out head);
        }

        ulong change = BitConverter.DoubleToUInt64Bits(value) ^ BitConverter.DoubleToUInt64Bits(_lastValue);
        if (change == 0)
            _bits.Write(slab, head << 1, headBits + 1);
        else
            _bits.WriteChange(slab, change, (head << 2) | 0b10, headBits + 2, (head << 2) | 0b11, headBits + 2);
        _lastTimeMs = timeMs;
        _lastDelta = delta;
        _lastValue = value;
        _bits.Samples++;
    }

    /// <summary>Asks for the cache line that the next <see cref="Append"/> may write to.</summary>
    public readonly void Prefetch(BlockSlab slab) => _bits.Prefetch(slab);

    /// <summary>Writes the encoded chunk, <see cref="ByteLength"/> bytes, to the start of <paramref name="destination"/>.</summary>
    /// <returns>The number of bytes.</returns>
    public readonly int CopyTo(BlockSlab slab, Span<byte> destination)
    {
        destination = destination[..ByteLength];
        BinaryPrimitives.WriteUInt16BigEndian(destination, _bits.Samples);
        _bits.CopyTo(slab, destination[HeaderBytes..], isFirstForeign: false);
        return destination.Length;
    }

    /// <summary>Gives the blocks back and empties the state.</summary>
    public void Free(BlockSlab slab)
    {
        _bits.Free(slab);
        this = default;
    }

    /// <summary>The prefix and, but for the largest changes, the bits of a changed delta; those are written at once.</summary>
    private int EncodeDeltaChange(BlockSlab slab, long change, out ulong code)
    {
        if (VarbitInt.FitsSigned(change, 14))
        {
            code = (0b10UL << 14) | Low(change, 14);
            return 2 + 14;
        }

        if (VarbitInt.FitsSigned(change, 17))
        {
            code = (0b110UL << 17) | Low(change, 17);
            return 3 + 17;
        }

        if (VarbitInt.FitsSigned(change, 20))
        {
            code = (0b1110UL << 20) | Low(change, 20);
            return 4 + 20;
        }

        _bits.Write(slab, 0b1111, 4);
        _bits.Write(slab, (ulong)change, 64);
        code = 0;
        return 0;
    }

    private static ulong Low(long value, int bits) => (ulong)value & ((1UL << bits) - 1);
}
