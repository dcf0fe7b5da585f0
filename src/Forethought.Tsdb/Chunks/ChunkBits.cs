using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// The bits of an open float chunk in a chain of 64-byte blocks, the last, incomplete word and the XOR window of the values here:
/// 24 bytes within the state of a chunk. Used under the lock of the shard that the slab belongs to. Copying the structure does not
/// copy the blocks: an append works on a copy and is undone by dropping it.
/// </summary>
/// <remarks>
/// Blocks hold seven words, big-endian so that they are copied as they are, and in the last eight bytes the handle of the next
/// block. Words go only to the last block, at a place below 7; block addresses come from the slab, which checks handles in poison
/// mode.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct ChunkBits
{
    private const int WordsPerBlock = 7;
    private const int LinkOffset = WordsPerBlock * sizeof(ulong);
    private const byte NoWindow = 0xff;

    // The top _tailBits (0 to 63) bits are written but not stored, the rest is zero.
    private ulong _tail;
    private uint _firstBlock;
    private uint _lastBlock;
    private ushort _words;
    private byte _tailBits;
    private byte _leading;
    private byte _trailing;

    /// <summary>Room for flags of the chunk that the bits belong to.</summary>
    public byte Flags;

    /// <summary>The number of samples, kept by the chunk that the bits belong to.</summary>
    public ushort Samples;

    /// <summary>The bytes that the bits fill.</summary>
    public readonly int ByteLength => _words * sizeof(ulong) + ((_tailBits + 7) >> 3);

    /// <summary>The block at the head of the chain.</summary>
    public readonly uint FirstBlock => _firstBlock;

    /// <summary>Takes the first block; there must be none.</summary>
    /// <exception cref="NativeMemoryException">There is no memory.</exception>
    public void Start(BlockSlab slab)
    {
        _firstBlock = _lastBlock = slab.Allocate();
        _leading = NoWindow;
    }

    /// <summary>Puts a block that holds no words at the head of the chain, for <see cref="CopyTo"/> to be told of.</summary>
    /// <exception cref="NativeMemoryException">There is no memory; nothing has changed.</exception>
    public void Prepend(BlockSlab slab)
    {
        uint added = slab.Allocate();
        MemoryMarshal.Write(slab.Get(added)[LinkOffset..], _firstBlock);
        _firstBlock = added;
    }

    /// <summary>Asks for the cache line that is written to next.</summary>
    public readonly unsafe void Prefetch(BlockSlab slab)
    {
        if (Sse.IsSupported && _lastBlock != 0)
            Sse.Prefetch0(slab.Pointer(_lastBlock));
    }

    /// <summary>Copies the bits, the last byte filled up with zeros.</summary>
    /// <param name="slab">Where the blocks are.</param>
    /// <param name="destination">Exactly <see cref="ByteLength"/> bytes.</param>
    /// <param name="isFirstForeign">Whether the first block was prepended and holds no words.</param>
    public readonly void CopyTo(BlockSlab slab, Span<byte> destination, bool isFirstForeign)
    {
        uint block = isFirstForeign ? LinkOf(slab.Get(_firstBlock)) : _firstBlock;
        for (int words = _words; words > 0; words -= WordsPerBlock)
        {
            Span<byte> content = slab.Get(block);
            int bytes = Math.Min(words, WordsPerBlock) * sizeof(ulong);
            content[..bytes].CopyTo(destination);
            destination = destination[bytes..];
            block = LinkOf(content);
        }

        ulong tail = _tail;
        for (int i = 0; i < destination.Length; i++, tail <<= 8)
            destination[i] = (byte)(tail >> 56);
    }

    /// <summary>Gives the blocks back and empties the structure.</summary>
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

    /// <summary>Writes the low <paramref name="count"/> (1 to 64) bits of a value whose higher bits are zero.</summary>
    /// <exception cref="NativeMemoryException">There is no memory for another block.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(BlockSlab slab, ulong bits, int count)
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

    public void WriteUvarint(BlockSlab slab, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Write(slab, (value & 0x7f) | 0x80, 8);
        Write(slab, value, 8);
    }

    /// <summary>
    /// Writes a value's XOR with the one before, which is not zero: within the window that was written last if it fits, otherwise a
    /// new window, 5 bits of leading zeros and 6 bits of width, and then the bits.
    /// </summary>
    /// <param name="slab">Where the blocks are.</param>
    /// <param name="change">The XOR.</param>
    /// <param name="same">What to write before bits in the same window, at most 64 bits.</param>
    /// <param name="sameBits">The number of those.</param>
    /// <param name="other">What to write before a new window, at most 53 bits.</param>
    /// <param name="otherBits">The number of those.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteChange(BlockSlab slab, ulong change, ulong same, int sameBits, ulong other, int otherBits)
    {
        // Five bits hold at most 31 leading zeros.
        int leading = Math.Min(BitOperations.LeadingZeroCount(change), 31);
        int trailing = BitOperations.TrailingZeroCount(change);
        if (_leading != NoWindow && leading >= _leading && trailing >= _trailing)
        {
            Write(slab, same, sameBits);
            Write(slab, change >> _trailing, 64 - _leading - _trailing);
            return;
        }

        _leading = (byte)leading;
        _trailing = (byte)trailing;
        int width = 64 - leading - trailing;
        // Six bits hold the width; 64 is written as 0, which does not occur.
        Write(slab, (other << 11) | ((ulong)leading << 6) | ((ulong)width & 63), otherBits + 11);
        Write(slab, change >> trailing, width);
    }

    private unsafe void StoreWord(BlockSlab slab, ulong word)
    {
        byte* block = slab.Pointer(_lastBlock);
        int place = _words % WordsPerBlock;
        if (place == 0 && _words > 0)
        {
            uint added = slab.Allocate();
            *(uint*)(block + LinkOffset) = added;
            _lastBlock = added;
            block = slab.Pointer(added);
        }

        // place < WordsPerBlock: the word lies before the link, within the block.
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(block + place * sizeof(ulong), sizeof(ulong)), word);
        _words++;
    }

    private static uint LinkOf(ReadOnlySpan<byte> block) => MemoryMarshal.Read<uint>(block[LinkOffset..]);
}
