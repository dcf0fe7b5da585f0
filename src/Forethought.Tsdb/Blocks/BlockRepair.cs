using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Mends blocks that Prometheus 2.1 wrote: their index is of version 2 and says 1, while <c>meta.json</c> says 2 where it should say 1.
/// </summary>
internal static class BlockRepair
{
    private const string RepairedIndex = BlockIndexFormat.Name + ".repaired";
    private const long BrokenMetaVersion = 2;

    /// <summary>Mends a block if it needs it. A crash leaves it whole or still to be mended.</summary>
    /// <returns>Whether it was mended.</returns>
    /// <exception cref="TsdbCorruptionException">Its description is damaged, or of a version that nobody wrote.</exception>
    /// <exception cref="IOException">A file could not be read or written.</exception>
    public static bool MendVersion(IStorageDirectory block)
    {
        BlockMeta meta = BlockMetaFile.ReadAnyVersion(block, out long version);
        if (version == 1)
            return false;
        if (version != BrokenMetaVersion)
            throw BlockMetaFile.Unexpected(version, Path.Combine(block.FullName, BlockMetaFile.Name));
        using (IStorageFile index = block.Open(BlockIndexFormat.Name, isWritable: false))
        using (IStorageFile repaired = block.Create(RepairedIndex))
        {
            Copy(index, repaired);
            repaired.Write([BlockIndexFormat.Version2], sizeof(uint));
            repaired.Sync();
        }

        block.Rename(RepairedIndex, BlockIndexFormat.Name);
        block.Sync();
        BlockMetaFile.Write(block, meta);
        return true;
    }

    private static void Copy(IStorageFile from, IStorageFile to)
    {
        byte[] buffer = new byte[256 << 10];
        long offset = 0;
        while (from.Read(buffer, offset) is var read and > 0)
        {
            to.Write(buffer.AsSpan(0, read), offset);
            offset += read;
        }
    }
}
