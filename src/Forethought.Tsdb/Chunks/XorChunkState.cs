using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Forethought.Encoding;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// An open chunk of floats in upstream's XOR encoding: 48 bytes that live in the series' state, with the bits written so far in a
/// chain of 64-byte blocks and the last, incomplete word here. Used under the lock of the shard that the slab belongs to; a reader
/// copies the chunk under the same lock. Copying the structure does not copy the chunk.
/// </summary>
/// <remarks>
/// <para>
/// Encoding (upstream's <c>tsdb/docs/format/chunks.md</c>): the number of samples, 2 bytes big-endian; the first time as varint and
/// the first value's 64 bits; the second time's delta as uvarint and a value; then for each sample the change of the delta (<c>0</c>
/// none, <c>10</c> 14, <c>110</c> 17, <c>1110</c> 20, <c>1111</c> 64 bits) and a value: the XOR with the previous one, <c>0</c> none,
/// <c>10</c> bits within the previous window, <c>11</c> a new window in 5 bits of leading zeros and 6 bits of width.
/// </para>
/// <para>
/// Blocks hold seven words, big-endian so that they are copied as they are, and in the last eight bytes the handle of the next
/// block. Words go only to the last block, at <c>_wordInBlock</c> &lt; 7; block addresses come from the slab, which checks handles
/// in poison mode.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct XorChunkState
{
    /// <summary>A chunk is cut when it has this many bytes, so that the largest sample (19 bytes) keeps it within 1 KiB.</summary>
    public const int FullBytes = 1024 - 19;

    /// <summary>The bytes before the bits: the number of samples.</summary>
    public const int HeaderBytes = 2;

    private const int WordsPerBlock = 7;
    private const int LinkOffset = WordsPerBlock * sizeof(ulong);
    private const byte NoWindow = 0xff;

    private long _lastTimeMs;
    private double _lastValue;
    private ulong _lastDelta;

    // The top _tailBits (0 to 63) bits are written but not stored, the rest is zero.
    private ulong _tail;
    private uint _firstBlock;
    private uint _lastBlock;
    private ushort _samples;
    private ushort _words;
    private byte _tailBits;
    private byte _wordInBlock;
    private byte _leading;
    private byte _trailing;

    /// <summary>The number of samples; 0 while there is no chunk.</summary>
    public readonly int SampleCount => _samples;

    /// <summary>The time of the last sample in milliseconds.</summary>
    public readonly long LastTimeMs => _lastTimeMs;

    /// <summary>The last value.</summary>
    public readonly double LastValue => _lastValue;

    /// <summary>The length of the encoded chunk in bytes, its header included.</summary>
    public readonly int ByteLength => HeaderBytes + _words * sizeof(ulong) + ((_tailBits + 7) >> 3);

    /// <summary>Whether the next sample must go into another chunk.</summary>
    public readonly bool IsFull => ByteLength > FullBytes || _samples == ushort.MaxValue;

    /// <summary>Starts a chunk with its first sample. The state must be empty: new or freed.</summary>
    /// <exception cref="NativeMemoryException">There is no memory; the state is still empty.</exception>
    public void Start(BlockSlab slab, long timeMs, double value)
    {
        XorChunkState started = default;
        started._leading = NoWindow;
        started._lastTimeMs = timeMs;
        started._lastValue = value;
        started._samples = 1;
        started._firstBlock = started._lastBlock = slab.Allocate();
        started.WriteUvarint(slab, Varint.ZigZag(timeMs));
        started.Write(slab, BitConverter.DoubleToUInt64Bits(value), 64);
        this = started;
    }

    /// <summary>Appends a sample to a chunk that was started and is not full. The time is later than the last one.</summary>
    /// <exception cref="NativeMemoryException">There is no memory; the chunk is as it was.</exception>
    public void Append(BlockSlab slab, long timeMs, double value)
    {
        // A sample has at most 148 bits, so it fills three words and needs one new block at most. Allocating it is the only thing
        // that can fail, and up to there only the copy has changed.
        XorChunkState next = this;
        ulong delta = (ulong)(timeMs - _lastTimeMs);
        ulong head = 0;
        int headBits = 1;
        if (_samples == 1)
        {
            next.WriteUvarint(slab, delta);
            headBits = 0;
        }
        else if (delta != _lastDelta)
        {
            headBits = next.EncodeDeltaChange(slab, (long)(delta - _lastDelta), out head);
        }

        next.WriteValue(slab, head, headBits, value);
        next._lastTimeMs = timeMs;
        next._lastDelta = delta;
        next._lastValue = value;
        next._samples++;
        this = next;
    }

    /// <summary>Asks for the cache line that the next <see cref="Append"/> may write to.</summary>
    public readonly unsafe void Prefetch(BlockSlab slab)
    {
        if (Sse.IsSupported && _lastBlock != 0)
            Sse.Prefetch0(slab.Pointer(_lastBlock));
    }

    /// <summary>Writes the encoded chunk, <see cref="ByteLength"/> bytes, to the start of <paramref name="destination"/>.</summary>
    /// <returns>The number of bytes.</returns>
    public readonly int CopyTo(BlockSlab slab, Span<byte> destination)
    {
        destination = destination[..ByteLength];
        BinaryPrimitives.WriteUInt16BigEndian(destination, _samples);
        Span<byte> rest = destination[HeaderBytes..];
        uint block = _firstBlock;
        for (int words = _words; words > 0; words -= WordsPerBlock)
        {
            Span<byte> content = slab.Get(block);
            int bytes = Math.Min(words, WordsPerBlock) * sizeof(ulong);
            content[..bytes].CopyTo(rest);
            rest = rest[bytes..];
            block = LinkOf(content);
        }

        ulong tail = _tail;
        for (int i = 0; i < rest.Length; i++, tail <<= 8)
            rest[i] = (byte)(tail >> 56);
        return destination.Length;
    }

    /// <summary>Gives the blocks back and empties the state.</summary>
    public void Free(BlockSlab slab)
    {
        for (uint block = _firstBlock; block != 0;)
        {
            uint next = LinkOf(slab.Get(block));
            slab.Free(block);
            block = next;
        }

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

        Write(slab, 0b1111, 4);
        Write(slab, (ulong)change, 64);
        code = 0;
        return 0;
    }

    private static ulong Low(long value, int bits) => (ulong)value & ((1UL << bits) - 1);

    /// <summary>Writes the code of the time, given in <paramref name="head"/>, and that of the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteValue(BlockSlab slab, ulong head, int headBits, double value)
    {
        ulong change = BitConverter.DoubleToUInt64Bits(value) ^ BitConverter.DoubleToUInt64Bits(_lastValue);
        if (change == 0)
        {
            Write(slab, head << 1, headBits + 1);
            return;
        }

        // Five bits hold at most 31 leading zeros.
        int leading = Math.Min(BitOperations.LeadingZeroCount(change), 31);
        int trailing = BitOperations.TrailingZeroCount(change);
        if (_leading != NoWindow && leading >= _leading && trailing >= _trailing)
        {
            int width = 64 - _leading - _trailing;
            Write(slab, (head << 2) | 0b10, headBits + 2);
            Write(slab, change >> _trailing, width);
            return;
        }

        _leading = (byte)leading;
        _trailing = (byte)trailing;
        int newWidth = 64 - leading - trailing;
        // Six bits hold the width; 64 is written as 0, which does not occur.
        Write(slab, (head << 13) | (0b11UL << 11) | ((ulong)leading << 6) | ((ulong)newWidth & 63), headBits + 13);
        Write(slab, change >> trailing, newWidth);
    }

    private void WriteUvarint(BlockSlab slab, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Write(slab, (value & 0x7f) | 0x80, 8);
        Write(slab, value, 8);
    }

    /// <summary>Writes the low <paramref name="count"/> (1 to 64) bits of a value whose higher bits are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(BlockSlab slab, ulong bits, int count)
    {
        int free = 64 - _tailBits;
        if (count < free)
        {
            _tail |= bits << (free - count);
            _tailBits += (byte)count;
            return;
        }

        int rest = count - free;
        StoreWord(slab, _tail | (bits >> rest));
        _tail = rest == 0 ? 0 : bits << (64 - rest);
        _tailBits = (byte)rest;
    }

    private unsafe void StoreWord(BlockSlab slab, ulong word)
    {
        byte* block = slab.Pointer(_lastBlock);
        if (_wordInBlock == WordsPerBlock)
        {
            uint added = slab.Allocate();
            *(uint*)(block + LinkOffset) = added;
            _lastBlock = added;
            _wordInBlock = 0;
            block = slab.Pointer(added);
        }

        // _wordInBlock < WordsPerBlock: the word lies before the link, within the block.
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(block + _wordInBlock * sizeof(ulong), sizeof(ulong)), word);
        _wordInBlock++;
        _words++;
    }

    private static uint LinkOf(ReadOnlySpan<byte> block) => MemoryMarshal.Read<uint>(block[LinkOffset..]);
}
