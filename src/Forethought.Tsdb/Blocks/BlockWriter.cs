using System.Runtime.InteropServices;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Writes blocks. A block appears under its name only when it is whole and on stable storage; what a crash leaves of an unfinished one
/// is a directory with <see cref="TemporarySuffix"/>, to be deleted at the next start. For one thread at a time.
/// </summary>
/// <param name="data">The data directory.</param>
/// <param name="segmentBytes">The size that chunk files are not to exceed.</param>
/// <param name="isUncached">Whether chunks are kept out of the operating system's cache.</param>
internal sealed class BlockWriter(
    IStorageDirectory data, long segmentBytes = ChunkSegmentFormat.DefaultSegmentBytes, bool isUncached = false)
{
    /// <summary>What the name of an unfinished block ends with.</summary>
    public const string TemporarySuffix = ".tmp-for-creation";

    private readonly List<ChunkMeta> _chunks = [];

    /// <summary>Writes what a source has into a new block; a source without samples makes none.</summary>
    /// <param name="source">Series and chunks.</param>
    /// <param name="template">The block's description but for its statistics.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of the block.</param>
    /// <returns>The description with statistics. There is a block exactly if it has samples.</returns>
    /// <exception cref="Storage.StorageException">The source is damaged or out of order, or something outgrew the format.</exception>
    /// <exception cref="IOException">Something could not be read or written; nothing is left of the block as far as the disk allows.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BlockMeta Write(IChunkSeriesSource source, BlockMeta template, CancellationToken cancellationToken = default)
    {
        string name = template.Ulid.ToString();
        string temporary = name + TemporarySuffix;
        data.DeleteDirectory(temporary);
        try
        {
            IStorageDirectory directory = data.GetDirectory(temporary);
            BlockStats stats = Populate(directory, source, cancellationToken);
            BlockMeta meta = template with { Stats = stats };
            if (stats.Samples == 0)
            {
                data.DeleteDirectory(temporary);
                return meta;
            }

            TombstoneFile.Write(directory, new TombstoneSet());
            BlockMetaFile.Write(directory, meta);
            directory.Sync();
            data.Rename(temporary, name);
            data.Sync();
            return meta;
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private BlockStats Populate(IStorageDirectory directory, IChunkSeriesSource source, CancellationToken cancellationToken)
    {
        var stats = new BlockStatsCounter();
        using var chunks = new ChunkSegmentWriter(directory.GetDirectory(ChunkSegmentFormat.DirectoryName), segmentBytes, isUncached);
        using var index = new BlockIndexWriter(directory);
        foreach (ReadOnlyMemory<byte> symbol in source.Symbols)
            index.AddSymbol(symbol.Span);
        while (source.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteChunks(source, chunks, stats);
            if (_chunks.Count == 0)
                continue;
            index.AddSeries(source.PackedLabels, CollectionsMarshal.AsSpan(_chunks));
            stats.AddSeries();
        }

        chunks.Finish();
        index.Finish();
        return stats.ToStats();
    }

    private void WriteChunks(IChunkSeriesSource source, ChunkSegmentWriter chunks, BlockStatsCounter stats)
    {
        _chunks.Clear();
        chunks.BeginSeries();
        while (source.NextChunk(out SourceChunk chunk))
        {
            stats.AddChunk(chunk);
            _chunks.Add(new ChunkMeta(chunks.Write(chunk), chunk.MinTimeMs, chunk.MaxTimeMs));
        }
    }

    /// <summary>What is left is deleted at the next start.</summary>
    private void TryDelete(string temporary)
    {
        try
        {
            data.DeleteDirectory(temporary);
        }
        catch (IOException)
        {
            // The caller throws the failure that led here.
        }
    }
}
