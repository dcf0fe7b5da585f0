using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Snapshots;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Compaction;

/// <summary>What a store keeps on disk beside its log: blocks and full chunks of the head, and how much of it.</summary>
internal sealed class BlockStore : IDisposable
{
    private readonly IStorageDirectory _data;
    private readonly TsdbOptions _options;
    private readonly Func<RetentionLimits> _limits;

    /// <summary>Opens what is there.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="options">The store's.</param>
    /// <param name="limits">How much is kept; asked at each look, because a reload may change it.</param>
    /// <exception cref="IOException">The directory cannot be read or changed.</exception>
    public BlockStore(IStorageDirectory data, TsdbOptions options, Func<RetentionLimits> limits)
    {
        _data = data;
        _options = options;
        _limits = limits;
        ChunkFiles = new HeadChunkFiles(data.GetDirectory(HeadChunkFormat.DirectoryName))
        {
            // A snapshot has only what the files have not: a start after this one would use it without them.
            Losing = () => ChunkSnapshots.DeleteAll(data),
        };
        Compactor = new Compactor(data, options);
        try
        {
            List = new BlockList(data, FindDeletable, options.Warned);
        }
        catch
        {
            ChunkFiles.Dispose();
            throw;
        }
    }

    /// <summary>The data directory.</summary>
    public IStorageDirectory Data => _data;

    public HeadChunkFiles ChunkFiles { get; }

    public BlockList List { get; }

    public Compactor Compactor { get; }

    /// <summary>How much is kept.</summary>
    public RetentionLimits Limits => _limits();

    /// <summary>Times that blocks were deleted because of their age.</summary>
    public long TimeRetentions { get; private set; }

    /// <summary>Times that blocks were deleted because there was too much.</summary>
    public long SizeRetentions { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => List.Dispose();

    private IReadOnlySet<Ulid> FindDeletable(IReadOnlyCollection<RetainedBlock> blocks)
    {
        RetentionLimits limits = Limits;
        RetentionVerdict verdict = RetentionRules.Apply(blocks, limits, HeadBytes(), limits.MaxPercentage > 0 ? _data.CapacityBytes : 0);
        if (verdict.IsTimeExceeded)
            TimeRetentions++;
        if (verdict.IsSizeExceeded)
            SizeRetentions++;
        if (verdict.IsDiskSizeMissing)
        {
            _options.Warned?.Invoke(
                "Unable to retrieve filesystem size of database directory, skip percentage limitation and default to fixed size limitation");
        }

        return verdict.Deletable;
    }

    private long HeadBytes() =>
        WalSegments.SizeOf(_data.GetDirectory(HeadLog.DirectoryName)) + OutOfOrderLog.SizeIn(_data) + ChunkFiles.SizeBytes;
}
