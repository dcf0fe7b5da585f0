using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Tests.Chunks;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>A chunk of a <see cref="ChunkList"/>.</summary>
internal sealed record ListedChunk(long MinTimeMs, long MaxTimeMs, ChunkEncoding Encoding, byte[] Bytes)
{
    /// <summary>A chunk of floats in order of time.</summary>
    public static ListedChunk Of(params (long TimeMs, double Value)[] samples) =>
        new(samples[0].TimeMs, samples[^1].TimeMs, ChunkEncoding.Xor, ReferenceEncoders.Xor(samples));

    /// <summary>A chunk that is none: of a size, with random content.</summary>
    public static ListedChunk OfSize(int bytes, long timeMs, Random random)
    {
        byte[] content = new byte[bytes];
        random.NextBytes(content);
        return new ListedChunk(timeMs, timeMs, ChunkEncoding.Xor, content);
    }
}
