using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Rebuilds the head from the log: the newest checkpoint, then the segments after it. A damaged log is repaired, that is, cut at
/// the damage, and replay ends there; a damaged checkpoint is an error. Runs once, before the head is used.
/// </summary>
internal sealed class HeadReplay
{
    private readonly HeadState _head;
    private readonly IStorageDirectory _log;
    private readonly ReplayAppender _appender;
    private readonly CancellationToken _cancellationToken;
    private readonly WalSamples _floats = new();
    private readonly WalHistograms<Histogram> _histograms = new();
    private readonly WalHistograms<FloatHistogram> _floatHistograms = new();

    /// <summary>Prepares to replay a log directory.</summary>
    public HeadReplay(HeadState head, IStorageDirectory log, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _head = head;
        _log = log;
        _appender = new ReplayAppender(head);
    }

    public ReplayStatistics Statistics => _appender.Statistics;

    /// <summary>See <see cref="ReplayAppender.AliasExpiries"/>.</summary>
    public Dictionary<ulong, long> AliasExpiries => _appender.AliasExpiries;

    /// <summary>Replays.</summary>
    /// <exception cref="StorageException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The log could not be read or repaired.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run()
    {
        EpochPin pin = _head.Epochs.Pin();
        _head.Index.DeferPostings();
        try
        {
            int checkpoint = ReplayCheckpoint();
            ReplaySegments(checkpoint + 1);
            _head.Index.BuildPostings();
        }
        finally
        {
            _head.Epochs.Unpin(pin);
        }

        if (Statistics.UnknownReferences > 0)
            _head.Options.Warned?.Invoke($"Unknown series references: samples={Statistics.UnknownReferences}");
    }

    // Returns the last segment that the checkpoint stands for, or -1 without one.
    private int ReplayCheckpoint()
    {
        if (WalCheckpoints.FindLast(_log) is not { } checkpoint)
            return -1;
        try
        {
            using var reader = new WalReader(new WalRange(WalCheckpoints.Open(_log, checkpoint)));
            Replay(reader, _ => { });
        }
        catch (TsdbCorruptionException e)
        {
            throw new StorageException("backfill checkpoint: " + e.Message, e);
        }

        return checkpoint;
    }

    private void ReplaySegments(int first)
    {
        IReadOnlyList<int> segments = WalSegments.List(_log);
        int last = segments.Count == 0 ? first - 1 : segments[^1];
        if (last < first)
            return;
        first = Math.Max(first, segments[0]);
        TsdbCorruptionException? damage = null;
        using (var reader = new WalReader(new WalRange(_log, first)))
        {
            try
            {
                Replay(reader, current => _head.Options.Replaying?.Invoke(new WalReplayProgress(first, last, current)));
            }
            catch (TsdbCorruptionException e)
            {
                damage = e.Segment >= 0 ? e : reader.Locate(e);
            }
        }

        if (damage is not null)
            Repair(damage);
    }

    private void Repair(TsdbCorruptionException damage)
    {
        _head.Options.Warned?.Invoke("Encountered WAL read error, attempting repair: " + damage.Message);
        WalRepairResult result = WalRepair.Repair(_log, damage);
        HeadCounters.Add(ref _head.Counters.WalCorruptions, 1);
        _head.Options.Warned?.Invoke(
            $"WAL repaired: segment={result.Segment} kept_bytes={result.KeptBytes} cut_bytes={result.CutBytes} "
            + $"deleted_segments={result.DeletedSegments.Count}");
    }

    private void Replay(WalReader reader, Action<int> segmentBegins)
    {
        int segment = -1;
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (reader.Segment != segment)
                segmentBegins(segment = reader.Segment);
            Apply(record);
        }
    }

    // Exemplars, metadata, tombstones and types of later versions are passed over.
    private void Apply(ReadOnlySpan<byte> record)
    {
        switch (WalRecord.TypeOf(record))
        {
            case WalRecordType.Series:
                _appender.AddSeries(record);
                break;
            case WalRecordType.Samples or WalRecordType.SamplesV2:
                _floats.Clear();
                SampleRecords.Decode(record, _floats);
                _appender.AddFloats(_floats);
                break;
            case WalRecordType.HistogramSamples or WalRecordType.CustomBucketsHistogramSamples or WalRecordType.HistogramSamplesV2:
                _histograms.Clear();
                HistogramRecords.Decode(record, _histograms);
                _appender.AddHistograms(_histograms);
                break;
            case WalRecordType.FloatHistogramSamples or WalRecordType.CustomBucketsFloatHistogramSamples
                or WalRecordType.FloatHistogramSamplesV2:
                _floatHistograms.Clear();
                HistogramRecords.Decode(record, _floatHistograms);
                _appender.AddHistograms(_floatHistograms);
                break;
        }
    }
}
