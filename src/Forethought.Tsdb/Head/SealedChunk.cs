using System.Runtime.InteropServices;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// What stands before the bytes of a full chunk in the arena. Full chunks of a series are chained from the newest to the oldest.
/// Everything but the chain is immutable; the chain is followed and cut under the shard lock.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct SealedChunk
{
    private const int LengthBits = 24;

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

    /// <summary>Bytes that follow.</summary>
    public readonly int Length => (int)(_encodingAndLength & MaxLength);

    /// <summary>The chunk's encoding as in files.</summary>
    public readonly ChunkEncoding Encoding => (ChunkEncoding)(_encodingAndLength >> LengthBits);

    public static SealedChunk Make(long minTimeMs, long maxTimeMs, ChunkEncoding encoding, int length, uint previous) => new()
    {
        MinTimeMs = minTimeMs,
        _durationMs = checked((uint)(maxTimeMs - minTimeMs)),
        _encodingAndLength = ((uint)encoding << LengthBits) | (uint)length,
        Previous = previous,
    };
}
