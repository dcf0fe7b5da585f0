using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// An open chunk of floats with start timestamps in upstream's XOR2 encoding (<see cref="Xor2ChunkDecoder"/>): 48 bytes of state,
/// used as <see cref="XorChunkState"/> is. What start timestamps need beyond that, a <see cref="StartTimeWriter"/>, is in a block of
/// its own at the head of the chain, which exists from the first sample on that has one, or from sample number 127 on.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Xor2ChunkState
{
    /// <summary>The bytes before the bits: the number of samples and the header of the start timestamps.</summary>
    public const int HeaderBytes = ChunkHeader.SampleCountBytes + StartTimeReader.HeaderBytes;

    private const byte HasStartBlock = 1;
    private const byte EndsStale = 2;

    private long _lastTimeMs;

    // The last value that is not a stale marker; what the next one is compared with.
    private ulong _baseline;
    private ulong _lastDelta;
    private ChunkBits _bits;

    /// <summary>The number of samples; 0 while there is no chunk.</summary>
    public readonly int SampleCount => _bits.Samples;

    /// <summary>The time of the last sample in milliseconds.</summary>
    public readonly long LastTimeMs => _lastTimeMs;

    /// <summary>The last value.</summary>
    public readonly double LastValue =>
        (_bits.Flags & EndsStale) != 0 ? StaleMarker.Value : BitConverter.UInt64BitsToDouble(_baseline);

    /// <summary>The length of the encoded chunk in bytes, its header included.</summary>
    public readonly int ByteLength => HeaderBytes + _bits.ByteLength;

    /// <summary>Whether the next sample must go into another chunk.</summary>
    public readonly bool IsFull => ByteLength > XorChunkState.FullBytes || _bits.Samples == ushort.MaxValue;

    /// <summary>Starts a chunk with its first sample. The state must be empty: new or freed.</summary>
    /// <param name="slab">Where blocks come from.</param>
    /// <param name="timeMs">The sample's time in milliseconds.</param>
    /// <param name="value">Its value.</param>
    /// <param name="startMs">Its start timestamp in milliseconds, 0 for none.</param>
    /// <exception cref="NativeMemoryException">There is no memory; the state is still empty.</exception>
    public void Start(BlockSlab slab, long timeMs, double value, long startMs)
    {
        Xor2ChunkState started = default;
        started._bits.Start(slab);
        try
        {
            if (startMs != 0)
                started.AddStartBlock(slab);
        }
        catch
        {
            started.Free(slab);
            throw;
        }

        // At most 224 bits follow, which the first block holds.
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        started._lastTimeMs = timeMs;
        started.NoteValue(bits);
        started._bits.Samples = 1;
        started._bits.WriteUvarint(slab, Varint.ZigZag(timeMs));
        started._bits.Write(slab, bits, 64);
        if (startMs != 0 && started.Starts(slab).First(timeMs, startMs, out long distance))
            started._bits.WriteUvarint(slab, Varint.ZigZag(distance));
        this = started;
    }

    /// <summary>Appends a sample to a chunk that was started and is not full. The time is later than the last one.</summary>
    /// <param name="slab">Where blocks come from.</param>
    /// <param name="timeMs">The sample's time in milliseconds.</param>
    /// <param name="value">Its value.</param>
    /// <param name="startMs">Its start timestamp in milliseconds, 0 for none.</param>
    /// <exception cref="NativeMemoryException">There is no memory; the chunk is as it was.</exception>
    public void Append(BlockSlab slab, long timeMs, double value, long startMs)
    {
        if ((_bits.Flags & HasStartBlock) == 0 && (startMs != 0 || _bits.Samples == StartTimeWriter.LastFirstChange))
            AddStartBlock(slab);

        // A sample has at most 230 bits, so it fills four words and needs one new block at most. Allocating it is the only thing
        // that can fail; up to there only copies have changed.
        Xor2ChunkState next = this;
        ulong delta = (ulong)(timeMs - _lastTimeMs);
        next.WriteTimeAndValue(slab, delta, BitConverter.DoubleToUInt64Bits(value));
        if ((_bits.Flags & HasStartBlock) != 0)
        {
            StartTimeWriter starts = Starts(slab);
            if (starts.Next(_bits.Samples, _lastTimeMs, startMs, out long change))
                next.WriteVarbit(slab, change);
            Starts(slab) = starts;
        }

        next._lastTimeMs = timeMs;
        next._lastDelta = delta;
        next._bits.Samples++;
        this = next;
    }

    /// <summary>Asks for the cache line that the next <see cref="Append"/> may write to.</summary>
    public readonly void Prefetch(BlockSlab slab) => _bits.Prefetch(slab);

    /// <summary>Writes the encoded chunk, <see cref="ByteLength"/> bytes, to the start of <paramref name="destination"/>.</summary>
    /// <returns>The number of bytes.</returns>
    public readonly int CopyTo(BlockSlab slab, Span<byte> destination)
    {
        destination = destination[..ByteLength];
        bool hasStartBlock = (_bits.Flags & HasStartBlock) != 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination, _bits.Samples);
        destination[ChunkHeader.SampleCountBytes] = hasStartBlock ? Starts(slab).Header : (byte)0;
        _bits.CopyTo(slab, destination[HeaderBytes..], hasStartBlock);
        return destination.Length;
    }

    /// <summary>Gives the blocks back and empties the state.</summary>
    public void Free(BlockSlab slab)
    {
        _bits.Free(slab);
        this = default;
    }

    private void AddStartBlock(BlockSlab slab)
    {
        // Zeroed, the block says what holds without it: no start timestamp so far.
        _bits.Prepend(slab);
        _bits.Flags |= HasStartBlock;
    }

    private readonly ref StartTimeWriter Starts(BlockSlab slab) =>
        ref Unsafe.As<byte, StartTimeWriter>(ref MemoryMarshal.GetReference(slab.Get(_bits.FirstBlock)));

    private void NoteValue(ulong bits)
    {
        if (bits == StaleMarker.Bits)
        {
            _bits.Flags |= EndsStale;
            return;
        }

        _bits.Flags &= unchecked((byte)~EndsStale);
        _baseline = bits;
    }

    private void WriteTimeAndValue(BlockSlab slab, ulong delta, ulong bits)
    {
        ulong change = bits ^ _baseline;
        bool isStale = bits == StaleMarker.Bits;
        if (_bits.Samples == 1)
        {
            _bits.WriteUvarint(slab, delta);
            WriteValue(slab, 0, 0, change, isStale);
        }
        else if (delta != _lastDelta)
        {
            int headBits = EncodeDeltaChange(slab, (long)(delta - _lastDelta), out ulong head);
            WriteValue(slab, head, headBits, change, isStale);
        }
        else if (isStale)
        {
            _bits.Write(slab, 0b11111, 5);
        }
        else if (change == 0)
        {
            _bits.Write(slab, 0, 1);
        }
        else
        {
            _bits.WriteChange(slab, change, 0b100, 3, 0b101, 3);
        }

        NoteValue(bits);
    }

    /// <summary>The code of a value beside a time's that is given in <paramref name="head"/>.</summary>
    private void WriteValue(BlockSlab slab, ulong head, int headBits, ulong change, bool isStale)
    {
        if (isStale)
            _bits.Write(slab, (head << 3) | 0b111, headBits + 3);
        else if (change == 0)
            _bits.Write(slab, head << 1, headBits + 1);
        else
            _bits.WriteChange(slab, change, (head << 2) | 0b10, headBits + 2, (head << 3) | 0b110, headBits + 3);
    }

    /// <summary>The prefix and, but for the largest changes, the bits of a changed delta; those are written at once.</summary>
    private int EncodeDeltaChange(BlockSlab slab, long change, out ulong code)
    {
        // Two's complement here, unlike in the XOR encoding.
        if (change is >= -(1 << 12) and < 1 << 12)
        {
            code = (0b110UL << 13) | ((ulong)change & 0x1fff);
            return 3 + 13;
        }

        if (change is >= -(1 << 19) and < 1 << 19)
        {
            code = (0b1110UL << 20) | ((ulong)change & 0xfffff);
            return 4 + 20;
        }

        _bits.Write(slab, 0b11110, 5);
        _bits.Write(slab, (ulong)change, 64);
        code = 0;
        return 0;
    }

    private void WriteVarbit(BlockSlab slab, long value)
    {
        Span<byte> code = stackalloc byte[2 * sizeof(ulong)];
        var writer = new BitWriter(code);
        VarbitInt.Write(ref writer, value);
        writer.Flush();
        int bits = writer.BitLength;
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(code);
        if (bits <= 64)
        {
            _bits.Write(slab, first >> (64 - bits), bits);
            return;
        }

        _bits.Write(slab, first, 64);
        _bits.Write(slab, (ulong)code[sizeof(ulong)] >> (72 - bits), bits - 64);
    }
}
