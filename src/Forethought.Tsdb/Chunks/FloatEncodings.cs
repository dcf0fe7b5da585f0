using Forethought.Storage;

namespace Forethought.Tsdb.Chunks;

/// <summary>Which encodings of floats a store may be told to use.</summary>
public static class FloatEncodings
{
    /// <summary>Checks a choice, with upstream's texts.</summary>
    /// <param name="encoding">The encoding of new chunks of floats.</param>
    /// <param name="storesStartTimes">Whether start timestamps are kept.</param>
    /// <exception cref="StorageException">It is not for floats, or has no place for start timestamps that are to be kept.</exception>
    public static void Check(ChunkEncoding encoding, bool storesStartTimes)
    {
        if (encoding is not (ChunkEncoding.Xor or ChunkEncoding.Xor2))
        {
            string name = ChunkDecoder.NameOf(encoding).ToLowerInvariant();
            throw new StorageException($"unsupported float chunk encoding \"{name}\"; valid values are \"xor\" and \"xor2\"");
        }

        if (storesStartTimes && encoding == ChunkEncoding.Xor)
        {
            throw new StorageException(
                "float chunk encoding \"xor\" is incompatible with start-timestamp storage; "
                + "XOR chunks do not store start timestamps, use \"xor2\"");
        }
    }
}
