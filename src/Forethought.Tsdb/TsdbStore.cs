using Forethought.Client;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Index;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.Tsdb;

/// <summary>
/// The local store: takes samples into the head and its log, and answers queries from the head. One store per data directory.
/// Thread-safe.
/// </summary>
public sealed class TsdbStore : IAppendable, IQueryable, IExemplarQueryable, IAsyncDisposable
{
    private readonly DirectoryLock? _lock;
    private readonly CommitLane? _lane;
    private readonly AppenderPool _appenders;
    private readonly HeadMaintenance _maintenance;

    private TsdbStore(HeadState head, DirectoryLock? directoryLock, HeadLog? log)
    {
        Head = head;
        _lock = directoryLock;
        _lane = log?.Lane;
        _appenders = new AppenderPool(head, _lane);
        _maintenance = new HeadMaintenance(head, log);
        int cleanStart = directoryLock is null ? -1 : directoryLock.ReplacedLeftover ? 0 : 1;
        Metrics = new HeadMetrics(head, _maintenance, log, cleanStart);
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
        Task.Factory.StartNew(
            () => Open(options, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    public IAppender OpenAppender() => _appenders.Open();

    /// <inheritdoc/>
    public IQuerier OpenQuerier(long minTimeMs, long maxTimeMs) => new HeadQuerier(Head, minTimeMs, maxTimeMs);

    /// <inheritdoc/>
    public IReadOnlyList<ExemplarSeries> SelectExemplars(
        long minTimeMs, long maxTimeMs, IReadOnlyList<IReadOnlyList<Matcher>> selectors) =>
        Head.Exemplars.Select(minTimeMs, maxTimeMs, selectors);

    /// <summary>The most exemplars kept.</summary>
    public int MaxExemplars => Head.Exemplars.Capacity;

    /// <summary>As <see cref="TsdbOptions.OutOfOrderTimeWindow"/>; takes effect with the next exemplar.</summary>
    public TimeSpan OutOfOrderTimeWindow
    {
        get => TimeSpan.FromMilliseconds(Head.Exemplars.OutOfOrderWindowMs);
        set => Head.Exemplars.OutOfOrderWindowMs = (long)value.TotalMilliseconds;
    }

    /// <summary>Changes how many exemplars are kept; those that came last stay as far as there is room.</summary>
    /// <param name="maxExemplars">0 or less keeps none.</param>
    /// <returns>How many stayed.</returns>
    public int ResizeExemplars(long maxExemplars) => Head.Exemplars.Resize(maxExemplars);

    /// <summary>
    /// How long samples are kept, counted back from the newest one; zero or less: for ever. A change takes effect with the next look,
    /// within a minute.
    /// </summary>
    public TimeSpan Retention
    {
        get => TimeSpan.FromMilliseconds(Head.RetentionMs);
        set => Head.RetentionMs = (long)value.TotalMilliseconds;
    }

    /// <summary>Drops what retention no longer keeps; the store does so itself every minute.</summary>
    public Task ApplyRetentionAsync() => _maintenance.ApplyRetentionAsync();

    /// <summary>
    /// Drops samples older than a time, series that are left without samples, and the part of the log that held nothing else.
    /// Waits for open queries that want older samples.
    /// </summary>
    public Task TruncateAsync(long minTimeMs) => _maintenance.TruncateAsync(minTimeMs);

    /// <summary>What the head holds now.</summary>
    public HeadStatistics GetStatistics() => HeadStatistics.Of(Head);

    /// <summary>Where the head's series come from. Takes time in proportion to the number of label pairs.</summary>
    /// <param name="limit">The longest that each list may be, at least 1.</param>
    /// <param name="labelName">The label whose values are listed.</param>
    public HeadCardinality GetCardinality(int limit, string labelName = "__name__") =>
        new CardinalityCounter(Head, labelName, limit).Count();

    /// <summary>
    /// Closes the store: ends background work, syncs and closes the log, releases the lock. Queriers and appenders must be disposed
    /// before.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _maintenance.DisposeAsync().ConfigureAwait(false);
        try
        {
            if (_lane is not null)
                await _lane.CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _lock?.Dispose();
            Head.Dispose();
        }
    }

    private static TsdbStore Open(TsdbOptions options, CancellationToken cancellationToken)
    {
        if (options.Path is null && options.LogDirectory is null)
            return new TsdbStore(new HeadState(options), null, null);
        DirectoryLock? directoryLock = options.Path is null || options.NoLockfile ? null : DirectoryLock.Take(options.Path);
        var head = new HeadState(options);
        try
        {
            return new TsdbStore(head, directoryLock, HeadLog.Open(head, cancellationToken));
        }
        catch
        {
            directoryLock?.Dispose();
            head.Dispose();
            throw;
        }
    }
}
