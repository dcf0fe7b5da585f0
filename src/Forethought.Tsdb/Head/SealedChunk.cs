using System.Runtime.InteropServices;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// What stands in the arena before the bytes of a full chunk, or before the place of one that is in a file. Full chunks of a series
/// are chained from the newest to the oldest. Everything but the chain is immutable; the chain is followed and changed under the
/// shard lock.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct SealedChunk
{
    private const int LengthBits = 24;
    private const uint OnDiskBit = 1u << 31;

    public long MinTimeMs;

    private uint _durationMs;
    private uint _encodingAndLength;

    /// <summary>The next older chunk, 0 for none.</summary>
    public uint Previous;

    /// <summary>The longest time that one chunk may cover.</summary>
    public const long MaxDurationMs = uint.MaxValue;

    /// <summary>The most bytes a chunk may have.</summary>
    public const int MaxLength = (1 << LengthBits) - 1;

    public readonly long MaxTimeMs => MinTimeMs + _durationMs;

    /// <summary>Bytes of the chunk.</summary>
    public readonly int Length => (int)(_encodingAndLength & MaxLength);

    /// <summary>The chunk's encoding as in files.</summary>
    public readonly ChunkEncoding Encoding => (ChunkEncoding)((_encodingAndLength & ~OnDiskBit) >> LengthBits);

    /// <summary>Whether what follows is the chunk's reference in a file, not the chunk.</summary>
    public readonly bool IsOnDisk => (_encodingAndLength & OnDiskBit) != 0;

    /// <summary>Bytes of the piece: this header and what follows.</summary>
    public readonly unsafe int PieceBytes => sizeof(SealedChunk) + (IsOnDisk ? sizeof(ulong) : Length);

    public static SealedChunk Make(long minTimeMs, long maxTimeMs, ChunkEncoding encoding, int length, uint previous) => new()
    {
        MinTimeMs = minTimeMs,
        _durationMs = checked((uint)(maxTimeMs - minTimeMs)),
        _encodingAndLength = ((uint)encoding << LengthBits) | (uint)length,
        Previous = previous,
    };

    /// <summary>The header of the same chunk once it is in a file.</summary>
    public readonly SealedChunk MoveToDisk()
    {
        SealedChunk moved = this;
        moved._encodingAndLength |= OnDiskBit;
        return moved;
    }
}
