using Forethought.Client;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Storage.Merging;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Index;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Snapshots;
using Forethought.Tsdb.Wal;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.Tsdb;

/// <summary>
/// The local store: takes samples into the head and its log, writes what is complete into blocks, and answers queries from head and
/// blocks. One store per data directory. Thread-safe.
/// </summary>
public sealed class TsdbStore : IAppendable, IQueryable, IExemplarQueryable, IAsyncDisposable
{
    private readonly DirectoryLock? _lock;
    private readonly CommitLane? _lane;
    private readonly bool _hasAliases;
    private readonly AppenderPool _appenders;
    private readonly StoreMaintenance _maintenance;
    private readonly BlockStore? _blocks;
    private readonly StoreAdministration _administration;
    private readonly SeriesStateKeeper? _seriesState;
    private bool _isClosed;

    private TsdbStore(HeadState head, DirectoryLock? directoryLock, BlockStore? blocks, HeadLog? log)
    {
        Head = head;
        _lock = directoryLock;
        _lane = log?.Lane;
        _hasAliases = log?.HasAliases == true;
        _blocks = blocks;
        var headMaintenance = new HeadMaintenance(head, log);
        BlockMaintenance? blockMaintenance = blocks is null ? null : new BlockMaintenance(head, headMaintenance, blocks);
        int cleanStart = directoryLock is null ? -1 : directoryLock.ReplacedLeftover ? 0 : 1;
        Metrics = new StoreMetrics(new HeadMetrics(head, headMaintenance, log, cleanStart), head, blocks, blockMaintenance);
        _seriesState = log is not null && head.Options.KeepsSeriesState ? new SeriesStateKeeper(head, log) : null;
        _administration = new StoreAdministration(new HeadDeletion(head, _lane), head, blocks);
        _maintenance = new StoreMaintenance(head.Options, headMaintenance, blockMaintenance);
        _appenders = new AppenderPool(head, _lane, blocks is not null && head.Options.CompactsWhenDue ? _maintenance.Wake : null);
    }

    /// <summary>The store's own metrics (<c>prometheus_tsdb_…</c>), to be registered by whoever opens the store.</summary>
    public ICollector Metrics { get; }

    /// <summary>Corruptions of the write-ahead log that replay found.</summary>
    public long WalCorruptions => Interlocked.Read(ref Head.Counters.WalCorruptions);

    internal HeadState Head { get; }

    /// <summary>Opens a store: locks the directory, replays the log on a thread of its own, begins a new segment.</summary>
    /// <exception cref="IOException">The directory is locked by another process, or cannot be read or written.</exception>
    /// <exception cref="StorageException">What is on disk cannot be used: a damaged checkpoint, missing segments.</exception>
    /// <exception cref="OperationCanceledException">Replay was cancelled; what is on disk is as it was.</exception>
    public static Task<TsdbStore> OpenAsync(TsdbOptions options, CancellationToken cancellationToken = default) =>
        options.DiskWork.RunAsync(() => Open(options, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAppender OpenAppender() => _appenders.Open();

    /// <inheritdoc/>
    public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs)
    {
        // The head first: what leaves it from now on waits for this querier, and what left it before is in the blocks leased after.
        var head = new HeadQuerier(Head, minTimeMs, maxTimeMs);
        if (_blocks is null)
            return head;
        try
        {
            return MergedQuerier.Of([head, .. _blocks.List.OpenQueriers(minTimeMs, maxTimeMs)]);
        }
        catch
        {
            head.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ExemplarSeries> SelectExemplars(
        long minTimeMs, long maxTimeMs, IReadOnlyList<IReadOnlyList<Matcher>> selectors) =>
        Head.Exemplars.Select(minTimeMs, maxTimeMs, selectors);

    /// <summary>The most exemplars kept.</summary>
    public int MaxExemplars => Head.Exemplars.Capacity;

    /// <summary>
    /// As <see cref="TsdbOptions.OutOfOrderTimeWindow"/>; takes effect with the next transaction. What came out of order stays when the
    /// window gets smaller. Set by one caller at a time.
    /// </summary>
    /// <exception cref="IOException">The log of such samples, needed for the first time, cannot be written.</exception>
    public TimeSpan OutOfOrderTimeWindow
    {
        get => TimeSpan.FromMilliseconds(Head.Exemplars.OutOfOrderWindowMs);
        set
        {
            if (_blocks is not null && value > TimeSpan.Zero)
                Head.OutOfOrder.Log ??= OutOfOrderLog.Open(Head, _blocks.Data);
            if (_blocks is not null)
                Head.OutOfOrder.WindowMs = (long)value.TotalMilliseconds;
            Head.Exemplars.OutOfOrderWindowMs = (long)value.TotalMilliseconds;
        }
    }

    /// <summary>Changes how many exemplars are kept; those that came last stay as far as there is room.</summary>
    /// <param name="maxExemplars">0 or less keeps none.</param>
    /// <returns>How many stayed.</returns>
    public int ResizeExemplars(long maxExemplars) => Head.Exemplars.Resize(maxExemplars);

    /// <summary>How much is kept. A change takes effect with the next look (<see cref="TsdbOptions.BlockReloadInterval"/>).</summary>
    public RetentionLimits Retention
    {
        get => Head.Retention;
        set => Head.Retention = value;
    }

    /// <summary>As <see cref="TsdbOptions.StaleSeriesCompactionThreshold"/>; heeded at the next look.</summary>
    public double StaleSeriesCompactionThreshold
    {
        get => Head.StaleSeriesThreshold;
        set => Head.StaleSeriesThreshold = value;
    }

    /// <summary>As <see cref="TsdbOptions.FloatChunkEncoding"/>. Chunks that are open when it changes go on as they are.</summary>
    /// <exception cref="StorageException">The encoding cannot hold the start timestamps that the store keeps, or is none of floats.</exception>
    public ChunkEncoding FloatChunkEncoding
    {
        get => Head.Writer.FloatEncoding;
        set
        {
            FloatEncodings.Check(value, Head.Options.StoresStartTimes);
            Head.Writer.FloatEncoding = value;
            if (_blocks is not null)
                _blocks.Compactor.FloatEncoding = value;
        }
    }

    /// <summary>
    /// Does what the store does by itself once in a while: looks for new blocks and for old ones to drop, writes what is complete into
    /// blocks, merges blocks.
    /// </summary>
    public Task MaintainAsync() => _maintenance.RunOnceAsync();

    /// <summary>
    /// Drops from head and log, without writing a block, samples older than a time, series that are left without samples, and the part
    /// of the log that held nothing else. Waits for open queries that want older samples.
    /// </summary>
    public Task TruncateHeadAsync(long minTimeMs) => _maintenance.TruncateHeadAsync(minTimeMs);

    /// <summary>
    /// Deletes samples with minTimeMs ≤ t ≤ maxTimeMs of the series that all matchers accept. Queries opened from now on do not see them;
    /// they leave the disk when their blocks are compacted, or by <see cref="CleanTombstonesAsync"/>.
    /// </summary>
    /// <exception cref="StorageException">A block is damaged; elsewhere samples may have been deleted.</exception>
    /// <exception cref="IOException">Deletions could not be written; some may have been.</exception>
    /// <exception cref="OperationCanceledException">The store is being closed.</exception>
    public Task DeleteAsync(long minTimeMs, long maxTimeMs, IReadOnlyList<Matcher> matchers) =>
        _maintenance.InTurnAsync(stop => _administration.DeleteAsync(minTimeMs, maxTimeMs, matchers, stop));

    /// <summary>Writes blocks from which samples were deleted anew, so that these leave the disk.</summary>
    /// <exception cref="StorageException">A block is damaged; those before it are done.</exception>
    /// <exception cref="IOException">A block could not be read or written; those before it are done.</exception>
    /// <exception cref="OperationCanceledException">The store is being closed.</exception>
    public Task CleanTombstonesAsync() => _maintenance.InTurnAsync(_administration.CleanTombstonesAsync);

    /// <summary>
    /// Makes a snapshot, a data directory of its own below <c>snapshots</c> in this one: all blocks, by hard links where the file system
    /// has them.
    /// </summary>
    /// <param name="withHead">Whether to write what the head has as a block of the snapshot.</param>
    /// <returns>The snapshot's name.</returns>
    /// <exception cref="InvalidOperationException">The store has no directory.</exception>
    /// <exception cref="StorageException">Something that the snapshot is made of is damaged.</exception>
    /// <exception cref="IOException">The snapshot could not be written.</exception>
    /// <exception cref="OperationCanceledException">The store is being closed.</exception>
    public async Task<string> SnapshotAsync(bool withHead)
    {
        string name = "";
        await _maintenance.InTurnAsync(async stop => name = await _administration.SnapshotAsync(withHead, stop).ConfigureAwait(false))
            .ConfigureAwait(false);
        return name;
    }

    /// <summary>What the head holds now.</summary>
    public HeadStatistics GetStatistics() => HeadStatistics.Of(Head);

    /// <summary>The blocks that queries read, by first time.</summary>
    public IReadOnlyList<BlockMeta> GetBlocks() => _blocks is null ? [] : [.. _blocks.List.Current.Select(block => block.Meta)];

    /// <summary>Where the head's series come from. Takes time in proportion to the number of label pairs.</summary>
    /// <param name="limit">The longest that each list may be, at least 1.</param>
    /// <param name="labelName">The label whose values are listed.</param>
    public HeadCardinality GetCardinality(int limit, string labelName = "__name__") =>
        new CardinalityCounter(Head, labelName, limit).Count();

    /// <summary>
    /// Closes the store: ends background work, syncs and closes the log, releases the lock. Queriers and appenders must be disposed
    /// before. Closing a second time does nothing.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
            return;
        await _maintenance.DisposeAsync().ConfigureAwait(false);
        try
        {
            if (_lane is not null)
                await _lane.CloseAsync().ConfigureAwait(false);
            if (Head.OutOfOrder.Log is { } log)
                await log.Lane.CloseAsync().ConfigureAwait(false);
            if (_seriesState is not null)
                await _seriesState.DisposeAsync().ConfigureAwait(false);
            if (Head.SnapshotRoot is not null && _blocks is not null)
                await Head.Options.DiskWork.RunAsync(WriteSnapshot).ConfigureAwait(false);
        }
        finally
        {
            Close(Head, _blocks, _lock);
        }
    }

    // Without one the next start reads all of the log. A snapshot knows a series by one reference only: if the log of late samples may
    // still have another one, only the write-ahead log tells whose it is.
    private void WriteSnapshot()
    {
        if (_hasAliases && Array.Exists(Head.OutOfOrder.Generations, generation => !generation.IsEmpty))
            return;
        try
        {
            new ChunkMover(Head, Head.ChunkFiles!).Run();
            Head.ChunkFiles!.FinishFile();
            (int segment, long offset) = _lane!.End;
            SnapshotWriter.Write(Head, Head.SnapshotRoot!, new SnapshotPlace(segment, offset));
        }
        catch (Exception e) when (e is IOException or StorageException)
        {
            Head.Options.Warned?.Invoke("chunk snapshot: " + e.Message);
        }
    }

    private static TsdbStore Open(TsdbOptions options, CancellationToken cancellationToken)
    {
        FloatEncodings.Check(options.FloatChunkEncoding, options.StoresStartTimes);
        if (options.Path is null && options.DataDirectory is null)
            return new TsdbStore(new HeadState(options), null, null, null);
        DirectoryLock? directoryLock = options.Path is null || options.NoLockfile ? null : DirectoryLock.Take(options.Path);
        BlockStore? blocks = null;
        var head = new HeadState(options);
        try
        {
            IStorageDirectory data = options.DataDirectory ?? new FileSystemDirectory(options.Path!);
            blocks = new BlockStore(data, options, () => head.Retention);
            head.Bounds.RaiseMinValid(blocks.List.HeadWrittenUpToMs);
            head.UseChunkFiles(blocks.ChunkFiles);
            ChunkSnapshots.DeleteTemporary(data);
            if (options.SnapshotsOnShutdown)
                head.SnapshotRoot = data;
            IStorageDirectory logDirectory = data.GetDirectory(HeadLog.DirectoryName);

            // Segments are synced into a directory whose own entry must not be lost.
            data.Sync();
            Action<ReplaySeries> replayed = series => OpenOutOfOrder(head, data, series, cancellationToken);
            var log = HeadLog.Open(head, logDirectory, replayed, cancellationToken);
            DeleteUsedSnapshots(data);
            return new TsdbStore(head, directoryLock, blocks, log);
        }
        catch
        {
            // Whoever opens the directory next must not find a thread that still writes.
            head.OutOfOrder.Log?.Lane.Abandon();
            Close(head, blocks, directoryLock);
            throw;
        }
    }

    // The lock goes last: the head finishes its chunk files, and nobody else may have the directory before.
    private static void Close(HeadState head, BlockStore? blocks, DirectoryLock? directoryLock)
    {
        try
        {
            blocks?.Dispose();
            head.Dispose();
        }
        finally
        {
            directoryLock?.Dispose();
        }
    }

    // From here on chunk files and log change, and a snapshot of before would no longer fit them: whoever used it after a crash, or after
    // runs that made none, would miss samples. The log alone is complete. One that cannot be deleted is therefore a reason not to start.
    private static void DeleteUsedSnapshots(IStorageDirectory data)
    {
        if (ChunkSnapshots.DeleteAll(data))
            data.Sync();
    }

    // A log that is there is read and goes on being written even if nothing is taken out of order any more.
    private static void OpenOutOfOrder(HeadState head, IStorageDirectory data, ReplaySeries series, CancellationToken cancellationToken)
    {
        bool hasLog = OutOfOrderLog.IsIn(data);
        if (hasLog)
            OutOfOrderReplay.Run(head, data.GetDirectory(OutOfOrderLog.DirectoryName), series, cancellationToken);
        if (hasLog || head.Options.OutOfOrderTimeWindow > TimeSpan.Zero)
            head.OutOfOrder.Log = OutOfOrderLog.Open(head, data);
        head.OutOfOrder.WindowMs = (long)head.Options.OutOfOrderTimeWindow.TotalMilliseconds;
    }
}
