using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Compaction;

/// <summary>Writes blocks: from ranges of the head, and from other blocks. One call at a time, on a thread that may wait for the disk.</summary>
/// <param name="data">The data directory.</param>
/// <param name="options">The store's.</param>
internal sealed class Compactor(IStorageDirectory data, TsdbOptions options)
{
    private readonly BlockWriter _writer = new(data, options.MaxBlockChunkSegmentBytes, options.WritesChunksUncached);
    private readonly UploadedBlocks _uploaded = new(options);
    private readonly MergePauses _pauses = new(options.TimeProvider);
    private readonly LeveledPlanner _planner = new(
        BlockRanges.Exponential(options.MinBlockDuration, options.MaxBlockDuration), options.AllowsOverlappingCompaction);

    /// <summary>How floats are encoded that have to be written anew. May change at any time.</summary>
    public ChunkEncoding FloatEncoding { get; set; } = options.FloatChunkEncoding;

    /// <summary>What was done, for the operator.</summary>
    public CompactionMetrics Metrics { get; } = new();

    /// <summary>What was done about stale series.</summary>
    public StaleSeriesMetrics StaleSeries { get; } = new();

    /// <summary>Writes a range of the head into a block.</summary>
    /// <param name="head">The head, to whose range nobody appends any more.</param>
    /// <param name="startMs">The range's first time.</param>
    /// <param name="endMs">The range's end, exclusive.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of the block.</param>
    /// <returns>Null if there are no samples in the range, and then there is no block.</returns>
    public BlockMeta? WriteHead(HeadState head, long startMs, long endMs, CancellationToken cancellationToken) =>
        WriteHead(_writer, head, startMs, endMs, cancellationToken);

    /// <summary>Writes all of the head into a block of another directory.</summary>
    /// <param name="into">The directory.</param>
    /// <param name="head">The head; what is appended meanwhile is not in the block.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of the block.</param>
    public void CopyHead(IStorageDirectory into, HeadState head, CancellationToken cancellationToken)
    {
        long min = head.Bounds.MinTimeMs, max = head.Bounds.MaxTimeMs;
        if (min > max)
            return;
        long end = max == long.MaxValue ? max : max + 1;
        WriteHead(new BlockWriter(into, options.MaxBlockChunkSegmentBytes, options.WritesChunksUncached), head, min, end, cancellationToken);
    }

    /// <summary>Writes a range of stale series of the head into a block.</summary>
    /// <param name="head">The head.</param>
    /// <param name="series">The series.</param>
    /// <param name="startMs">The range's first time.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of the block.</param>
    /// <returns>Null if there are no samples in the range, and then there is no block.</returns>
    public BlockMeta? WriteStale(HeadState head, SortedSeries series, long startMs, CancellationToken cancellationToken)
    {
        long endMs = BlockRanges.EndOf(startMs, options.ChunkRangeMs);
        BlockMeta template = Template(startMs, endMs, BlockHints.FromStaleSeries);
        using var source = new MeasuredChunkSource(new HeadChunkSource(head, startMs, endMs - 1, series), Metrics);
        BlockMeta written = Write(_writer, source, template, cancellationToken);
        return written.Stats.Samples == 0 ? null : written;
    }

    private BlockMeta? WriteHead(BlockWriter writer, HeadState head, long startMs, long endMs, CancellationToken cancellationToken)
    {
        BlockMeta template = Template(startMs, endMs);
        using var source = new MeasuredChunkSource(new HeadChunkSource(head, startMs, endMs - 1), Metrics);
        BlockMeta written = Write(writer, source, template, cancellationToken);
        return written.Stats.Samples == 0 ? null : written;
    }

    /// <summary>Writes what came out of order in a range into a block.</summary>
    /// <param name="head">The head.</param>
    /// <param name="generations">What came out of order, which nothing is added to any more.</param>
    /// <param name="startMs">The range's first time.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of the block.</param>
    /// <returns>Null if there are no samples in the range, and then there is no block.</returns>
    public BlockMeta? WriteOutOfOrder(
        HeadState head, OutOfOrderGeneration[] generations, long startMs, CancellationToken cancellationToken)
    {
        long endMs = BlockRanges.EndOf(startMs, options.ChunkRangeMs);
        BlockMeta template = Template(startMs, endMs, BlockHints.FromOutOfOrder);
        using var source = new MeasuredChunkSource(
            new OutOfOrderChunkSource(head, generations, startMs, endMs - 1, FloatEncoding), Metrics);
        BlockMeta written = Write(_writer, source, template, cancellationToken);
        return written.Stats.Samples == 0 ? null : written;
    }

    /// <summary>Merges the blocks that are due next.</summary>
    /// <returns>Null if none are.</returns>
    /// <remarks>
    /// Blocks that turn out to be damaged are marked and not tried again; if the disk fails, they are left alone for a while. Blocks of
    /// which nothing is left are marked to be deleted. The next look at the directory finds the new block and drops those it was made of.
    /// </remarks>
    public BlockMerge? MergeNext(BlockList blocks, CancellationToken cancellationToken)
    {
        IReadOnlyList<BlockMeta> plan = _planner.Plan(_uploaded.Mergeable(blocks.Current).Select(block => _pauses.Apply(block.Meta)));
        if (plan.Count == 0)
            return null;
        IReadOnlyList<Block> planned = [.. plan.Select(meta => blocks.Current.First(block => block.Meta.Ulid == meta.Ulid))];
        return new BlockMerge(planned, Merge(planned, blocks.HeadWrittenUpToMs, cancellationToken));
    }

    /// <summary>Marks blocks so that merging them is not tried again.</summary>
    public void NoteFailure(IReadOnlyList<Block> blocks)
    {
        try
        {
            Mark(blocks, compaction => compaction with { HasFailed = true });
        }
        catch (IOException e)
        {
            _pauses.Begin(blocks);
            options.Warned?.Invoke($"that compacting blocks failed could not be noted: {e.Message}");
        }
    }

    /// <summary>
    /// Writes a block anew without what was deleted from it. As upstream's, the new one counts as written from the head, with the old one
    /// as its parent, which makes the next look at the directory drop that.
    /// </summary>
    /// <returns>Null if nothing is left, and then there is no new block.</returns>
    public BlockMeta? Rewrite(Block block, CancellationToken cancellationToken)
    {
        BlockMeta old = block.Meta;
        Ulid ulid = NewUlid();
        var template = new BlockMeta
        {
            Ulid = ulid,
            MinTimeMs = old.MinTimeMs,
            MaxTimeMs = old.MaxTimeMs,
            Compaction = new BlockCompaction
            {
                Level = 1,
                Sources = [ulid],
                Parents = [new BlockDescription(old.Ulid, old.MinTimeMs, old.MaxTimeMs)],
                Hints = old.Compaction.Hints,
            },
        };
        using var source = new MeasuredChunkSource(OpenMerged([block]), Metrics);
        BlockMeta written = Write(_writer, source, template, cancellationToken);
        return written.Stats.Samples == 0 ? null : written;
    }

    private BlockMeta? Merge(IReadOnlyList<Block> blocks, long headWrittenUpToMs, CancellationToken cancellationToken)
    {
        BlockMeta template = MergedBlockMeta.Of(NewUlid(), [.. blocks.Select(block => block.Meta)]);
        if (Overlap(blocks))
            Metrics.Vertical.Inc();
        try
        {
            using MergedChunkSource source = OpenMerged(blocks);
            BlockMeta written = Write(_writer, source, template, cancellationToken);
            if (written.Stats.Samples > 0)
                return written;
            MarkNeedless(blocks, headWrittenUpToMs);
            return null;
        }
        catch (IOException)
        {
            _pauses.Begin(blocks);
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            NoteFailure(blocks);
            throw;
        }
    }

    // Nothing is left of them. The newest one from the head stays, which tells how much of the log is in blocks.
    private static void MarkNeedless(IReadOnlyList<Block> blocks, long headWrittenUpToMs)
    {
        ILookup<bool, Block> byUse = blocks.ToLookup(
            block => block.Meta.Compaction.IsFromWholeHead && block.Meta.MaxTimeMs == headWrittenUpToMs);
        Mark([.. byUse[true]], compaction => compaction with { HasFailed = true });
        Mark([.. byUse[false]], compaction => compaction with { IsDeletable = true });
    }

    private MergedChunkSource OpenMerged(IReadOnlyList<Block> blocks)
    {
        var sources = new List<BlockChunkSource>();
        try
        {
            foreach (Block block in blocks)
            {
                sources.Add(BlockChunkSource.TryOpen(block, block.Meta.MinTimeMs, block.Meta.MaxTimeMs - 1)
                    ?? throw new Storage.StorageException($"block {block.Meta.Ulid} was closed while it was to be compacted"));
            }
        }
        catch
        {
            sources.ForEach(source => source.Dispose());
            throw;
        }

        return new MergedChunkSource(sources, new ChunkMerge(new NativeAllocator(), new ChunkMergeOptions(FloatEncoding, JoinsSmallChunks: true)));
    }

    private BlockMeta Write(BlockWriter writer, IChunkSeriesSource source, BlockMeta template, CancellationToken cancellationToken)
    {
        long start = options.TimeProvider.GetTimestamp();
        Metrics.PopulatingBlock.Set(1);
        try
        {
            return writer.Write(source, template, cancellationToken);
        }
        finally
        {
            Metrics.PopulatingBlock.Set(0);
            Metrics.Ran.Inc();
            Metrics.Duration.Observe(options.TimeProvider.GetElapsedTime(start).TotalSeconds);
        }
    }

    private BlockMeta Template(long startMs, long endMs, params string[] hints)
    {
        Ulid ulid = NewUlid();
        return new BlockMeta
        {
            Ulid = ulid,
            MinTimeMs = startMs,
            MaxTimeMs = endMs,
            Compaction = new BlockCompaction { Level = 1, Sources = [ulid], Hints = hints },
        };
    }

    private static void Mark(IReadOnlyList<Block> blocks, Func<BlockCompaction, BlockCompaction> change)
    {
        foreach (Block block in blocks)
            block.UpdateMeta(meta => meta with { Compaction = change(meta.Compaction) });
    }

    // The blocks come by first time.
    private static bool Overlap(IReadOnlyList<Block> blocks)
    {
        long end = long.MinValue;
        foreach (Block block in blocks)
        {
            if (block.Meta.MinTimeMs < end)
                return true;
            end = Math.Max(end, block.Meta.MaxTimeMs);
        }

        return false;
    }

    private Ulid NewUlid() => Ulid.Create(options.TimeProvider.GetUtcNow(), options.Random);
}
