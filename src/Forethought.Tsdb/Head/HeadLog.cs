using Forethought.Client;
using Forethought.Storage;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>The head's log: replayed when opened, written through the lane, cut by <see cref="TruncateAsync"/>.</summary>
internal sealed class HeadLog
{
    /// <summary>The log's directory within the data directory.</summary>
    public const string DirectoryName = "wal";

    private readonly HeadState _head;
    private readonly WalOptions _options;

    // References that no series of the head has (aliases, collected series) but under which the log may have samples up to a time:
    // their series records must stay in checkpoints that long.
    private readonly Dictionary<ulong, long> _expiries;

    private HeadLog(
        HeadState head, IStorageDirectory directory, Action<ReplaySeries>? replayed, CancellationToken cancellationToken)
    {
        _head = head;
        Directory = directory;
        _options = new WalOptions
        {
            SegmentSize = head.Options.WalSegmentSize,
            Compression = head.Options.WalCompression,
            SyncsInBackground = !head.Options.DiskWork.IsInline,
            TimeProvider = head.Options.TimeProvider,
            Synced = time => SyncDuration.Observe(time.TotalSeconds),
        };
        long start = head.Options.TimeProvider.GetTimestamp();
        ReplaySeries series = HeadReplay.Run(head, directory, cancellationToken);
        replayed?.Invoke(series);
        ReplayDuration = head.Options.TimeProvider.GetElapsedTime(start);
        UnknownSamples = series.UnknownSamples;
        UnknownExemplars = series.UnknownExemplars;
        UnknownMetadata = series.UnknownMetadata;
        UnknownTombstones = series.UnknownTombstones;
        _expiries = series.RecordExpiries;
        HasAliases = _expiries.Count > 0;
        Lane = new CommitLane(new WalWriter(directory, _options), head.Options.DiskWork);
    }

    public IStorageDirectory Directory { get; }

    public CommitLane Lane { get; }

    public WalCompression Compression => _options.Compression;

    /// <summary>Whether the logs had samples under references that no series has now, because they name theirs twice.</summary>
    public bool HasAliases { get; }

    /// <summary>How long replay took.</summary>
    public TimeSpan ReplayDuration { get; }

    /// <summary>Samples met in replay whose series the log does not name.</summary>
    public long UnknownSamples { get; }

    /// <summary>Exemplars met in replay whose series the log does not name.</summary>
    public long UnknownExemplars { get; }

    /// <summary>Metadata met in replay whose series the log does not name.</summary>
    public long UnknownMetadata { get; }

    /// <summary>Deletions met in replay whose series the log does not name.</summary>
    public long UnknownTombstones { get; }

    public Summary SyncDuration { get; } = new(
        "prometheus_tsdb_wal_fsync_duration_seconds",
        "Duration of write log fsync.",
        new SummaryOptions { Objectives = [new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)] });

    public Summary TruncateDuration { get; } = new("prometheus_tsdb_wal_truncate_duration_seconds", "Duration of WAL truncation.");

    /// <summary>Replays the log of a head's data directory into the head and opens it for writing.</summary>
    /// <exception cref="IOException">The log could not be read, repaired or written.</exception>
    /// <exception cref="StorageException">The checkpoint is damaged or segments are missing.</exception>
    /// <param name="head">The head.</param>
    /// <param name="directory">The log's directory.</param>
    /// <param name="replayed">Told of the log's series once all is replayed, to bring back more of them.</param>
    /// <param name="cancellationToken">Ends replay.</param>
    public static HeadLog Open(
        HeadState head, IStorageDirectory directory, Action<ReplaySeries>? replayed, CancellationToken cancellationToken) =>
        new(head, directory, replayed, cancellationToken);

    /// <summary>
    /// After the head was truncated: begins a new segment and replaces the older two thirds of the rest by a checkpoint of what is
    /// still needed of them; with fewer than two segments there is nothing to gain. Runs on a thread of its own.
    /// </summary>
    /// <param name="minTimeMs">Older samples are not needed.</param>
    /// <param name="collected">References that the truncation collected.</param>
    public async Task TruncateAsync(long minTimeMs, IReadOnlyList<ulong> collected)
    {
        foreach (ulong reference in collected)
            _expiries[reference] = minTimeMs;
        IReadOnlyList<int> segments = WalSegments.List(Directory);
        await Lane.CutSegmentAsync().ConfigureAwait(false);
        int first = segments[0];
        if (WalTruncation.LastToReplace(first, segments[^1]) is not { } last)
            return;
        await _head.Options.DiskWork.RunAsync(() => Replace(first, last, minTimeMs)).ConfigureAwait(false);
    }

    // What is left is passed over by replay, which begins behind the checkpoint, and goes the next time.
    private void DeleteSegments(int firstKept)
    {
        HeadCounters.Add(ref _head.Counters.WalTruncations, 1);
        try
        {
            WalSegments.DeleteBefore(Directory, firstKept);
        }
        catch (IOException e)
        {
            HeadCounters.Add(ref _head.Counters.WalTruncationsFailed, 1);
            _head.Options.Warned?.Invoke("truncating segments failed: " + e.Message);
        }
    }

    private void DeleteCheckpoints(int kept)
    {
        HeadCounters.Add(ref _head.Counters.CheckpointDeletions, 1);
        try
        {
            WalCheckpoints.DeleteBefore(Directory, kept);
        }
        catch (IOException e)
        {
            HeadCounters.Add(ref _head.Counters.CheckpointDeletionsFailed, 1);
            _head.Options.Warned?.Invoke("delete old checkpoints: " + e.Message);
        }
    }

    /// <summary>Keeps the records of series that left the head in checkpoints as long as the log may have samples of them.</summary>
    /// <param name="references">The series.</param>
    /// <param name="untilMs">The newest time of their samples.</param>
    public void KeepRecords(IReadOnlyList<ulong> references, long untilMs)
    {
        foreach (ulong reference in references)
            _expiries[reference] = untilMs;
    }

    private void Replace(int first, int last, long minTimeMs)
    {
        long start = _options.TimeProvider.GetTimestamp();
        HeadCounters.Add(ref _head.Counters.CheckpointsCreated, 1);

        // The next start finds chunks in files that truncation has dropped already: what was deleted from them must stay deleted.
        long tombstonesFromMs = Math.Min(minTimeMs, _head.ChunkFiles?.OldestMs ?? minTimeMs);
        EpochPin pin = _head.Epochs.Pin();
        try
        {
            new CheckpointWriter(Directory, _options, _head.Options.StoresStartTimes).Write(
                first, last, IsNeeded, minTimeMs, tombstonesFromMs);
        }
        catch (Exception e)
        {
            HeadCounters.Add(ref _head.Counters.CheckpointsFailed, 1);
            if (e is TsdbCorruptionException)
                HeadCounters.Add(ref _head.Counters.WalCorruptions, 1);
            throw;
        }
        finally
        {
            _head.Epochs.Unpin(pin);
        }

        DeleteSegments(last + 1);
        DeleteCheckpoints(last);
        foreach (ulong reference in _expiries.Where(entry => entry.Value < minTimeMs).Select(entry => entry.Key).ToArray())
            _expiries.Remove(reference);
        _expiries.TrimExcess();
        TruncateDuration.Observe(_options.TimeProvider.GetElapsedTime(start).TotalSeconds);

        bool IsNeeded(SeriesRef series) => _head.Index.References.TryGet(series.Value, out _)
            || (_expiries.TryGetValue(series.Value, out long keepUntil) && keepUntil >= minTimeMs);
    }
}
