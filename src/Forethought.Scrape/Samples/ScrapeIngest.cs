using System.Diagnostics.CodeAnalysis;
using Forethought.Exposition;
using Forethought.Model;
using Forethought.Scrape.Cache;
using Forethought.Storage;

namespace Forethought.Scrape.Samples;

/// <summary>
/// Takes one exposition into storage: lines through the cache into rows of a batch, the batch to the appender, stale markers for series
/// that vanished. Holds the buffers for it; reused from scrape to scrape and lent while scraping. Not thread-safe.
/// </summary>
internal sealed class ScrapeIngest(ulong hashSeed, ScrapeMetrics metrics)
{
    /// <summary>How far ahead of the server's clock a sample's timestamp may be.</summary>
    internal const long MaxAheadMs = 10 * 60 * 1000;

    // The storage takes exemplars of up to 128 characters; no need to copy what is surely longer.
    private const int MaxExemplarBytes = 4 * 128;

    private readonly CacheWalk _walk = new(hashSeed);
    private readonly SampleLabels _labels = new();
    private readonly LabelsBuilder _exemplarLabels = new();
    private readonly AppendBatch _batch = new();
    private readonly FamilyMetadata _family = new();

    private readonly RowLedger _rows = new(metrics);
    private byte[] _help = new byte[256];

    // The scrape at hand.
    private IngestContext _context = null!;
    private IAppender _appender = null!;
    private long _scrapeTimeMs;
    private long _maxTimeMs;
    private int _staged;
    private bool _isOverLimit;
    private ScrapeCounts _counts;

    /// <summary>The batch, free for the caller between calls.</summary>
    public AppendBatch Batch => _batch;

    /// <summary>What the last scrape brought, up to where it failed if it did.</summary>
    public ref readonly ScrapeCounts Counts => ref _counts;

    /// <summary>
    /// Stages an exposition and the stale markers of series it lacks. If it is refused as a whole only stale markers are staged, and the
    /// reason is returned.
    /// </summary>
    /// <param name="context">Whose exposition it is.</param>
    /// <param name="appender">Where the rows go; replaced when the storage has collected series of the cache meanwhile.</param>
    /// <param name="body">The exposition; one in the text format with a newline added. Empty when the scrape failed.</param>
    /// <param name="format">Its format.</param>
    /// <param name="scrapeTimeMs">The time of samples without a timestamp, in milliseconds since the Unix epoch.</param>
    /// <param name="nowMs">The server's time.</param>
    /// <returns>Why the exposition was refused; null when it was not.</returns>
    public string? Append(
        IngestContext context, ref IAppender appender, ReadOnlySpan<byte> body, ExpositionFormat format, long scrapeTimeMs, long nowMs)
    {
        _context = context;
        _appender = appender;
        _scrapeTimeMs = scrapeTimeMs;
        _maxTimeMs = nowMs + MaxAheadMs;
        _walk.Begin(context.Cache);
        string? error = null;
        if (body.IsEmpty)
        {
            Reset();
        }
        else if (TryRead(body, format, out error) && HasUnknownSeries())
        {
            // The store has collected series that had no samples for long. Once more, from new references.
            IAppender renewed = context.Storage.OpenAppender();
            appender.Dispose();
            _appender = appender = renewed;
            _walk.Restart();
            if (TryRead(body, format, out error))
                HasUnknownSeries();
        }

        StageVanished(_walk.FindVanished(), scrapeTimeMs);
        Finish(flush: error is null && !body.IsEmpty);
        return error;
    }

    /// <summary>Stages stale markers for all series of a target that is no more.</summary>
    public void AppendEnd(IngestContext context, IAppender appender, long timeMs)
    {
        _context = context;
        _appender = appender;
        Reset();
        _walk.Begin(context.Cache);
        StageVanished(_walk.FindVanished(), timeMs);
        Finish(flush: false);
    }

    private void Reset()
    {
        _batch.Clear();
        _counts = default;
        _staged = 0;
        _isOverLimit = false;
    }

    private bool TryRead(ReadOnlySpan<byte> body, ExpositionFormat format, [NotNullWhen(false)] out string? error)
    {
        Reset();
        try
        {
            Read(body, format);
            if (_isOverLimit)
            {
                metrics.ExceededSampleLimit.Inc();
                throw new ScrapeException("sample limit exceeded");
            }

            error = null;
            return true;
        }
        catch (Exception e) when (e is ExpositionException or ScrapeException)
        {
            // Nothing is staged yet, so nothing is to be rolled back. What was read keeps its place in the cache, as upstream has it.
            _batch.Clear();
            error = e.Message;
            return false;
        }
    }

    private void Read(ReadOnlySpan<byte> body, ExpositionFormat format)
    {
        _family.Begin(_context);
        var reader = new ExpositionReader(body, format);
        while (true)
        {
            reader.SkipBlankLines();
            if (_walk.TryReadPredicted(ref reader, out int index))
            {
                ReadKnown(ref reader, index);
                continue;
            }

            ExpositionEntry entry = reader.Read();
            if (entry == ExpositionEntry.End)
                return;
            if (entry == ExpositionEntry.Series)
                ReadSeries(ref reader);
            else
                ReadLine(ref reader, entry);
        }
    }

    private void ReadKnown(ref ExpositionReader reader, int index)
    {
        ref CacheEntry entry = ref _walk.At(index);
        switch (entry.Kind)
        {
            case CacheEntryKind.Series:
                _counts.Scraped++;
                _counts.Kept++;
                if (TryTakePlace(ref reader, out long timeMs))
                    Stage(ref reader, index, timeMs, isNew: false);
                break;
            case CacheEntryKind.Dropped:
                _counts.Scraped++;
                break;
            default:
                _context.Cache.Metadata.Touch(entry.Family);
                _family.Enter(entry.Family);
                break;
        }
    }

    private void ReadSeries(ref ExpositionReader reader)
    {
        ReadOnlySpan<byte> text = reader.SeriesText;
        ulong hash = _walk.Hash(text);
        int index = _walk.Find(hash, text.Length, isLine: false, out bool wasSeen);
        if (index < 0)
        {
            _counts.Scraped++;
            AddSeries(ref reader, hash, text.Length);
        }
        else if (wasSeen && _walk.At(index).Kind == CacheEntryKind.Series && !(reader.HasTimestamp && _context.Rules.HonorTimestamps))
        {
            _counts.Scraped++;
            _counts.Kept++;
            _counts.Duplicates++;
            metrics.SamplesDuplicate.Inc();
        }
        else
        {
            ReadKnown(ref reader, index);
        }
    }

    private void AddSeries(ref ExpositionReader reader, ulong hash, int length)
    {
        ReadOnlySpan<byte> packed = _labels.Make(reader, _context.Labels, _context.Rules, metrics);
        bool isCacheable = length <= CacheEntry.MaxLength;
        if (packed.IsEmpty)
        {
            if (isCacheable)
                _walk.Add(CacheEntry.ForDropped(hash, length));
            return;
        }

        _counts.Kept++;
        if (!TryTakePlace(ref reader, out long timeMs))
            return;
        SeriesRef series = _appender.GetOrCreate(packed, Encoding.XxHash64.Compute(packed), out _);
        int index = isCacheable && series.Value <= CacheEntry.MaxReference ? _walk.Add(CacheEntry.ForSeries(hash, length, series)) : -1;
        _counts.SeriesAdded++;
        if (index >= 0)
        {
            Stage(ref reader, index, timeMs, isNew: true);
            return;
        }

        _rows.Note(_batch.Count, RowLedger.NoEntry, isNew: true, tracks: false);
        _batch.Add(series, timeMs, reader.Value);
        _family.Pass(reader.SeriesText, series, _batch);
        if (reader.HasExemplar)
            AddExemplar(ref reader, series, timeMs);
    }

    /// <summary>Whether a sample may be staged: it is within the sample limit and not too far in the future.</summary>
    private bool TryTakePlace(ref ExpositionReader reader, out long timeMs)
    {
        timeMs = reader.HasTimestamp && _context.Rules.HonorTimestamps ? reader.TimestampMs : _scrapeTimeMs;
        if (++_staged > _context.Rules.SampleLimit)
        {
            _isOverLimit = true;
            return false;
        }

        if (timeMs <= _maxTimeMs)
            return true;
        _counts.OutOfBounds++;
        metrics.SamplesOutOfBounds.Inc();
        return false;
    }

    private void Stage(ref ExpositionReader reader, int index, long timeMs, bool isNew)
    {
        ref CacheEntry entry = ref _walk.At(index);
        bool tracks = !reader.HasTimestamp || !_context.Rules.HonorTimestamps || _context.Rules.TracksTimestamps;
        if (tracks)
            entry.Track();
        _rows.Note(_batch.Count, index, isNew, tracks);
        _batch.Add(entry.Series, timeMs, reader.Value);
        if (isNew || _family.HasChanged)
            _family.Pass(reader.SeriesText, entry.Series, _batch);
        if (reader.HasExemplar)
            AddExemplar(ref reader, entry.Series, timeMs);
    }

    private void AddExemplar(ref ExpositionReader reader, SeriesRef series, long timeMs)
    {
        _exemplarLabels.Clear();
        reader.AppendExemplarLabels(_exemplarLabels);
        if (_exemplarLabels.HasDuplicateNames(out _) || IsTooLong(_exemplarLabels))
            return;
        long exemplarTimeMs = reader.HasExemplarTimestamp ? reader.ExemplarTimestampMs : timeMs;
        _batch.Exemplars.Add(
            (series, new Exemplar(_exemplarLabels.ToLabels(), reader.ExemplarValue, exemplarTimeMs, reader.HasExemplarTimestamp)));
    }

    private static bool IsTooLong(LabelsBuilder labels)
    {
        int bytes = 0;
        for (int i = 0; i < labels.Slots; i++)
            bytes += labels.At(i).Name.Length + labels.At(i).Value.Length;
        return bytes > MaxExemplarBytes;
    }

    private void ReadLine(ref ExpositionReader reader, ExpositionEntry kind)
    {
        int length = reader.Line.Length;
        ulong hash = _walk.Hash(reader.Line);
        int index = length <= CacheEntry.MaxLength ? _walk.Find(hash, length, isLine: true, out _) : -1;
        int family = NoteMetadata(ref reader, kind);
        if (index < 0 && length <= CacheEntry.MaxLength)
            _walk.Add(CacheEntry.ForLine(hash, length, reader.Type, family));
        _family.Enter(family);
    }

    private int NoteMetadata(ref ExpositionReader reader, ExpositionEntry kind)
    {
        MetadataCache metadata = _context.Cache.Metadata;
        switch (kind)
        {
            case ExpositionEntry.Type:
                return metadata.SetType(reader.MetadataName, reader.Type);
            case ExpositionEntry.Unit:
                return metadata.SetUnit(reader.MetadataName, reader.Text);
            case ExpositionEntry.Help:
                if (_help.Length < reader.Text.Length)
                    _help = new byte[reader.Text.Length];
                return metadata.SetHelp(reader.MetadataName, _help.AsSpan(0, reader.UnescapeHelp(_help)));
            default:
                return -1;
        }
    }

    /// <summary>
    /// Hands the rows to the appender and looks at those it refused. True when it does not know some of the series: their entries are then
    /// taken out of the cache.
    /// </summary>
    private bool HasUnknownSeries()
    {
        if (_appender.Append(_batch) > 0)
        {
            if (_rows.RemoveUnknown(_batch, _walk))
                return true;
            _rows.Settle(_batch, _walk, ref _counts);
        }

        CountExemplars();
        return false;
    }

    private void CountExemplars()
    {
        foreach (ExemplarOutcome outcome in _batch.ExemplarOutcomes)
        {
            if (outcome == ExemplarOutcome.OutOfOrder)
                _counts.ExemplarsOutOfOrder++;
        }

        metrics.ExemplarsOutOfOrder.Add(_counts.ExemplarsOutOfOrder);
    }

    private void StageVanished(HashSet<SeriesRef> vanished, long timeMs)
    {
        _batch.Clear();
        if (vanished.Count == 0)
            return;
        foreach (SeriesRef series in vanished)
            _batch.Add(series, timeMs, StaleMarker.Value);
        _batch.DiscardOutOfOrder = true;
        // Refusals are expected: the target may have come back under another loop.
        _appender.Append(_batch);
        _batch.Clear();
    }

    private void Finish(bool flush)
    {
        ScrapeCache cache = _context.Cache;
        if (!flush && cache.IsOverfull)
        {
            metrics.CacheFlushesForced.Inc();
            _walk.Complete(flush: true);
            return;
        }

        _walk.Complete(flush);
        if (flush)
            cache.Succeeded();
    }
}
