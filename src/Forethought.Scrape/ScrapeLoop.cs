using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Forethought.Exposition;
using Forethought.Scrape.Cache;
using Forethought.Scrape.Clock;
using Forethought.Scrape.Samples;
using Forethought.Scrape.Targets;
using Forethought.Scrape.Transport;
using Forethought.Storage;
using Histogram = Forethought.Client.Histogram;
using Summary = Forethought.Client.Summary;

namespace Forethought.Scrape;

/// <summary>
/// Scrapes one target whenever the clock says so, one scrape at a time. Every scrape leaves a report, failed ones too; nothing that a
/// target or the storage does ends the loop.
/// </summary>
internal sealed class ScrapeLoop : ClockWork, IThreadPoolWorkItem
{
    private readonly ScrapeServices _services;
    private readonly ScrapeJob _job;
    private readonly Target _target;
    private readonly TargetClient _client;
    private readonly IngestContext _context;
    private readonly ReportSeries _report;
    private readonly TimeSpan _timeout;
    private readonly Summary _intervals;
    private readonly Histogram _intervalHistogram;

    // Guards what follows.
    private readonly Lock _lock = new();
    private bool _isRunning;
    private long? _missedDueTicks;
    private TaskCompletionSource? _stopped;

    // Of the run at hand.
    private long _stampTicks;
    private long _lastStarted;
    private volatile string? _forcedError;

    // Of the last response: targets keep to one content type.
    private string? _contentType;
    private FormatChoice _formatChoice;

    public ScrapeLoop(ScrapeServices services, ScrapeJob job, Target target, ScrapeCache? cache)
    {
        _services = services;
        _job = job;
        _target = target;
        _timeout = target.Timeout;
        IntervalTicks = target.Interval.Ticks;
        _client = new TargetClient(job.Http, job.Shape, target.Url, _timeout, services);
        Cache = cache ?? new ScrapeCache(new MetadataCache(job.SharedMetadata));
        target.Use(Cache.Metadata);
        _context = new IngestContext(Cache, target.PublicLabels, job.Rules, services.Storage);
        _report = new ReportSeries(target.PublicLabels, job.Configuration.ExtraScrapeMetrics == true);
        string interval = Model.GoDuration.Format(target.Interval);
        _intervals = services.Metrics.IntervalLength.WithLabels(interval);
        _intervalHistogram = services.Metrics.IntervalLengthHistogram.WithLabels(interval);
    }

    public ScrapeCache Cache { get; }

    /// <summary>Makes all scrapes fail with this text; null lets them happen.</summary>
    public string? ForcedError
    {
        set => _forcedError = value;
    }

    /// <summary>Begins, at the target's place in the interval.</summary>
    public void Start(ulong offsetSeed)
    {
        long now = _services.Time.GetUtcNow().UtcTicks;
        DueTicks = now + _target.Offset(new TimeSpan(IntervalTicks), offsetSeed, now).Ticks;
        _services.Clock.Add(this);
    }

    /// <summary>
    /// Ends the loop and returns when the scrape at hand is over. Unless another loop goes on with the cache, the target's series are
    /// marked stale after the time of two scrapes: by then a target that has only changed its labels is back under another loop, and
    /// its markers are refused as out of order.
    /// </summary>
    public async Task StopAsync(bool marksStale)
    {
        IsCancelled = true;
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _stopped = stopped;
            if (!_isRunning)
                stopped.SetResult();
        }

        await stopped.Task.ConfigureAwait(false);
        if (marksStale && _lastStarted != 0 && !_services.Shutdown.IsCancellationRequested)
            _services.Clock.Add(new EndOfRun(this, DueTicks, DueTicks + IntervalTicks + IntervalTicks / 10));
    }

    internal override void OnDue(long dueTicks, long nowTicks)
    {
        lock (_lock)
        {
            if (_stopped is not null)
                return;
            if (_isRunning)
            {
                _missedDueTicks = dueTicks;
                return;
            }

            _isRunning = true;
            _stampTicks = Align(dueTicks, nowTicks);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    [SuppressMessage("Design", "CA1031", Justification = "The loop must survive whatever happens in a scrape; the error is logged.")]
    private async Task RunAsync()
    {
        do
        {
            try
            {
                await ScrapeAsync(_stampTicks).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Notify(ScrapeNoticeLevel.Error, "Scrape failed unexpectedly", e.ToString());
            }
        }
        while (TryContinue());
    }

    // A scrape that took so long that the next was due meanwhile is followed by that one at once.
    private bool TryContinue()
    {
        lock (_lock)
        {
            if (_stopped is null && _missedDueTicks is { } due)
            {
                _missedDueTicks = null;
                _stampTicks = Align(due, _services.Time.GetUtcNow().UtcTicks);
                return true;
            }

            _isRunning = false;
            _stopped?.TrySetResult();
            return false;
        }
    }

    // Exact intervals take a fraction of the space in chunks that jitter takes.
    private long Align(long dueTicks, long nowTicks)
    {
        long tolerance = Math.Min(IntervalTicks / 100, _services.Options.TimestampTolerance.Ticks);
        return _services.Options.AlignTimestamps && nowTicks - dueTicks <= tolerance ? dueTicks : nowTicks;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ScrapeAsync(long stampTicks)
    {
        long started = _services.Time.GetTimestamp();
        ObserveInterval(started);
        using Fetched fetched = await FetchAsync().ConfigureAwait(false);
        if (_services.Shutdown.IsCancellationRequested)
            return;
        IAppender? appender = null;
        try
        {
            appender = _services.Storage.OpenAppender();
            Stage(ref appender, fetched, stampTicks, started);
            await appender.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or StorageException)
        {
            Notify(ScrapeNoticeLevel.Error, "Scrape commit failed", e.Message);
        }
        finally
        {
            appender?.Dispose();
        }

        if (_job.Configuration.ExtraScrapeMetrics == true)
            _services.Metrics.ScrapeDuration.Observe(_services.Time.GetElapsedTime(started).TotalSeconds);
    }

    private void ObserveInterval(long started)
    {
        if (_lastStarted != 0)
        {
            double seconds = _services.Time.GetElapsedTime(_lastStarted, started).TotalSeconds;
            _intervals.Observe(seconds);
            _intervalHistogram.Observe(seconds);
        }

        _lastStarted = started;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Fetched> FetchAsync()
    {
        if (_forcedError is { } forced)
            return new Fetched(null, "", forced, 0);
        try
        {
            ScrapeResponse response = await _client.GetAsync().ConfigureAwait(false);
            return new Fetched(response.Body, response.ContentType, null, response.Body.Length);
        }
        catch (Exception e) when (e is ScrapeException or BodyTooLargeException)
        {
            Notify(ScrapeNoticeLevel.Debug, "Scrape failed", e.Message);
            if (!_services.Shutdown.IsCancellationRequested)
                _services.FailureLogs.Write(_job.Configuration.ScrapeFailureLogFile, _services.Time.GetUtcNow(), _job.Name, _target.Url, e.Message);
            return new Fetched(null, "", e.Message, e is BodyTooLargeException ? -1 : 0);
        }
    }

    private void Stage(ref IAppender appender, Fetched fetched, long stampTicks, long started)
    {
        long timeMs = Milliseconds(stampTicks);
        string? error = fetched.Error;
        ScrapeIngest ingest = _services.Ingests.Rent();
        try
        {
            ReadOnlySpan<byte> body = ChooseFormat(fetched, ref error, out ExpositionFormat format);
            long nowMs = Milliseconds(_services.Time.GetUtcNow().UtcTicks);
            string? refused = ingest.Append(_context, ref appender, body, format, timeMs, nowMs);
            if (refused is not null)
                Notify(ScrapeNoticeLevel.Debug, "Append failed", refused);
            error ??= refused;
            WarnOfRefused(ingest.Counts);
            TimeSpan duration = _services.Time.GetElapsedTime(started);
            _target.Report(new DateTimeOffset(stampTicks, TimeSpan.Zero), duration, error ?? "");
            _report.Fill(ingest.Batch, appender, timeMs, new ScrapeReport
            {
                IsUp = error is null,
                Duration = duration,
                Counts = ingest.Counts,
                Timeout = _timeout,
                SampleLimit = _job.Configuration.SampleLimit,
                BodyBytes = fetched.Bytes,
            });
            appender.Append(ingest.Batch);
        }
        finally
        {
            _services.Ingests.Return(ingest);
        }
    }

    /// <summary>The body to be read, empty if there is none to be read.</summary>
    private ReadOnlySpan<byte> ChooseFormat(Fetched fetched, ref string? error, out ExpositionFormat format)
    {
        format = ExpositionFormat.Text;
        if (fetched.Body is not { Length: > 0 } body)
            return default;
        if (fetched.ContentType != _contentType)
        {
            _contentType = fetched.ContentType;
            _formatChoice = FormatChoice.FromContentType(_contentType, _job.Rules.FallbackMediaType);
        }

        FormatChoice choice = _formatChoice;
        if (choice.Format is null)
        {
            error = choice.Problem;
            Notify(ScrapeNoticeLevel.Error, "Failed to determine correct type of scrape target.", choice.Problem!);
            return default;
        }

        if (choice.Problem is not null)
            Notify(ScrapeNoticeLevel.Debug, "Invalid content type on scrape, using fallback setting.", choice.Problem);
        format = choice.Format.Value;
        return format == ExpositionFormat.Text ? body.WrittenAndNewline : body.Written;
    }

    private void WarnOfRefused(in ScrapeCounts counts)
    {
        Warn("Error on ingesting out-of-order samples", counts.OutOfOrder);
        Warn("Error on ingesting samples with different value but same timestamp", counts.Duplicates);
        Warn("Error on ingesting samples that are too old or are too far into the future", counts.OutOfBounds);
        Warn("Error on ingesting out-of-order exemplars", counts.ExemplarsOutOfOrder);
    }

    private void Warn(string message, int dropped)
    {
        if (dropped > 0)
            _services.Notify(new ScrapeNotice(ScrapeNoticeLevel.Warning, message, _job.Name, _target.Url, "", dropped));
    }

    private void Notify(ScrapeNoticeLevel level, string message, string error) =>
        _services.Notify(new ScrapeNotice(level, message, _job.Name, _target.Url, error));

    private async Task EndAsync(long staleTicks)
    {
        ScrapeIngest ingest = _services.Ingests.Rent();
        IAppender? appender = null;
        try
        {
            appender = _services.Storage.OpenAppender();
            ingest.AppendEnd(_context, appender, Milliseconds(staleTicks));
            _report.FillStale(ingest.Batch, appender, Milliseconds(staleTicks));
            appender.Append(ingest.Batch);
            await appender.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or StorageException)
        {
            Notify(ScrapeNoticeLevel.Warning, "Stale commit failed", e.Message);
        }
        finally
        {
            appender?.Dispose();
            _services.Ingests.Return(ingest);
        }
    }

    private static long Milliseconds(long utcTicks) => (utcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    /// <summary>What became of a request.</summary>
    private readonly record struct Fetched(BodyBuffer? Body, string ContentType, string? Error, double Bytes) : IDisposable
    {
        public void Dispose() => Body?.Dispose();
    }

    /// <summary>Marks the series of a stopped loop stale, once.</summary>
    private sealed class EndOfRun : ClockWork, IThreadPoolWorkItem
    {
        private readonly ScrapeLoop _loop;
        private readonly long _staleTicks;

        public EndOfRun(ScrapeLoop loop, long staleTicks, long dueTicks)
        {
            _loop = loop;
            _staleTicks = staleTicks;
            DueTicks = dueTicks;
        }

        internal override void OnDue(long dueTicks, long nowTicks) => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

        void IThreadPoolWorkItem.Execute()
        {
            if (!_loop._services.Shutdown.IsCancellationRequested)
                _ = _loop.EndAsync(_staleTicks);
        }
    }
}
