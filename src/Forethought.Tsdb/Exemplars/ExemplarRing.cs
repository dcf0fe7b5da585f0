using System.Buffers;
using System.Text;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Exemplars;

/// <summary>
/// The store's exemplars: the newest ones, whatever their series. Which are accepted is upstream's rule (<c>tsdb/exemplar.go</c>).
/// Thread-safe; nothing is held longer than it takes to look at the series.
/// </summary>
internal sealed class ExemplarRing(NativeAllocator allocator, long capacity) : IDisposable
{
    // OpenMetrics: names and values together.
    private const int MaxLabelRunes = 128;

    private readonly Lock _lock = new();
    private ExemplarBuffer _buffer = new(allocator, ToCapacity(capacity));
    private long _outOfOrderWindowMs;
    private long _appended;
    private long _outOfOrder;
    private bool _isDisposed;

    /// <summary>The most exemplars; 0 keeps none.</summary>
    public int Capacity => Volatile.Read(ref _buffer).Capacity;

    /// <summary>Exemplars in the ring.</summary>
    public int Count => Volatile.Read(ref _buffer).Count;

    /// <summary>Series that have exemplars.</summary>
    public int SeriesCount => Volatile.Read(ref _buffer).SeriesCount;

    /// <summary>Exemplars accepted so far.</summary>
    public long Appended => Interlocked.Read(ref _appended);

    /// <summary>Exemplars refused at their commit because they came too late.</summary>
    public long OutOfOrder => Interlocked.Read(ref _outOfOrder);

    /// <summary>The time of the exemplar that came first of those in the ring, 0 without one.</summary>
    public long FirstTimeMs
    {
        get
        {
            lock (_lock)
                return _buffer.Count == 0 ? 0 : _buffer.First.TimeMs;
        }
    }

    /// <summary>How much older than the newest exemplar of its series one may be, in milliseconds; 0 for not at all.</summary>
    public long OutOfOrderWindowMs
    {
        get => Interlocked.Read(ref _outOfOrderWindowMs);
        set => Interlocked.Exchange(ref _outOfOrderWindowMs, Math.Max(0, value));
    }

    /// <summary>Whether an exemplar would be accepted now.</summary>
    public ExemplarOutcome Check(ReadOnlySpan<byte> seriesLabels, ulong seriesHash, ExemplarData exemplar)
    {
        lock (_lock)
            return CheckLocked(_buffer.FindSeries(seriesLabels, seriesHash), exemplar);
    }

    /// <summary>Adds an exemplar if it is acceptable.</summary>
    /// <param name="seriesLabels">Packed labels of its series.</param>
    /// <param name="seriesHash">Their <see cref="XxHash64"/>.</param>
    /// <param name="exemplar">The exemplar, with well-formed labels.</param>
    public ExemplarOutcome Add(ReadOnlySpan<byte> seriesLabels, ulong seriesHash, ExemplarData exemplar)
    {
        lock (_lock)
        {
            int series = _buffer.FindSeries(seriesLabels, seriesHash);
            ExemplarOutcome outcome = CheckLocked(series, exemplar);
            if (outcome == ExemplarOutcome.Accepted && IsAmongOlder(series, exemplar.TimeMs))
                outcome = ExemplarOutcome.Ignored;
            if (outcome == ExemplarOutcome.Accepted)
            {
                _buffer.Add(seriesLabels, seriesHash, exemplar);
                _appended++;
            }

            if (outcome == ExemplarOutcome.OutOfOrder)
                _outOfOrder++;
            return outcome;
        }
    }

    /// <summary>As <see cref="IExemplarQueryable.SelectExemplars"/>.</summary>
    public List<ExemplarSeries> Select(long minTimeMs, long maxTimeMs, IReadOnlyList<IReadOnlyList<Matcher>> selectors)
    {
        List<ExemplarSeries> selected = [];
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            foreach (ref readonly ExemplarSeriesEntry series in _buffer.Series)
            {
                if (!series.IsEmpty && Overlaps(series, minTimeMs, maxTimeMs) && IsSelected(series.PackedLabels, selectors))
                    Copy(series, minTimeMs, maxTimeMs, selected);
            }
        }

        selected.Sort(static (x, y) => x.Labels.CompareTo(y.Labels));
        return selected;
    }

    /// <summary>Shows all exemplars in the order in which they came. The ring is locked meanwhile.</summary>
    public void VisitInOrder(ExemplarVisitor visit)
    {
        lock (_lock)
            _buffer.VisitInOrder(visit);
    }

    /// <summary>Changes the capacity and keeps the exemplars that came last.</summary>
    /// <returns>How many were kept.</returns>
    public int Resize(long capacity)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var resized = new ExemplarBuffer(allocator, ToCapacity(capacity));
            _buffer.CopyTo(resized);
            _buffer.Dispose();
            Volatile.Write(ref _buffer, resized);
            return resized.Count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _buffer.Dispose();
        }
    }

    private static int ToCapacity(long capacity) => (int)Math.Clamp(capacity, 0, Array.MaxLength);

    private ExemplarOutcome CheckLocked(int series, ExemplarData exemplar)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_buffer.Capacity == 0)
            return ExemplarOutcome.Ignored;
        if (IsTooLong(exemplar.PackedLabels))
            return ExemplarOutcome.LabelsTooLong;
        if (series == ExemplarEntry.None)
            return ExemplarOutcome.Accepted;
        ref readonly ExemplarEntry newest = ref _buffer[_buffer.Series[series].Newest];
        if (IsSame(newest, exemplar))
            return ExemplarOutcome.Ignored;
        return IsOutOfOrder(newest, exemplar) ? ExemplarOutcome.OutOfOrder : ExemplarOutcome.Accepted;
    }

    // An exemplar without a time of its own got that of the scrape, and comes again with each scrape.
    private static bool IsSame(in ExemplarEntry newest, ExemplarData exemplar) =>
        newest.PackedLabels.SequenceEqual(exemplar.PackedLabels)
        && (!(newest.HasTime || exemplar.HasTime) || newest.TimeMs == exemplar.TimeMs)
        && newest.Value == exemplar.Value;

    // Native histograms bring several at one time, ordered by value and labels, so that those that come again are found out by the
    // newest alone.
    private bool IsOutOfOrder(in ExemplarEntry newest, ExemplarData exemplar)
    {
        if (exemplar.TimeMs != newest.TimeMs)
            return exemplar.TimeMs < newest.TimeMs && exemplar.TimeMs <= newest.TimeMs - OutOfOrderWindowMs;
        if (exemplar.Value != newest.Value)
            return exemplar.Value < newest.Value;
        return XxHash64.Compute(exemplar.PackedLabels) < XxHash64.Compute(newest.PackedLabels);
    }

    // Among older ones the time alone decides what is the same.
    private bool IsAmongOlder(int series, long timeMs)
    {
        if (series == ExemplarEntry.None || timeMs >= _buffer[_buffer.Series[series].Newest].TimeMs)
            return false;
        int last = _buffer.FindLastUpTo(series, timeMs);
        return last != ExemplarEntry.None && _buffer[last].TimeMs == timeMs;
    }

    private static bool IsTooLong(ReadOnlySpan<byte> packed)
    {
        if (packed.Length <= MaxLabelRunes)
            return false;

        // Empty names and values, of which there may be any number, have none.
        if (packed.Length > ushort.MaxValue)
            return true;
        int runes = 0;
        for (int offset = 0; offset < packed.Length && runes <= MaxLabelRunes;)
            runes += CountRunes(PackedLabels.ReadString(packed, ref offset));
        return runes > MaxLabelRunes;
    }

    // As Go counts: each byte that belongs to no character is one.
    private static int CountRunes(ReadOnlySpan<byte> text)
    {
        int runes = 0;
        for (; !text.IsEmpty && runes <= MaxLabelRunes; runes++)
            text = text[(Rune.DecodeFromUtf8(text, out _, out int length) == OperationStatus.Done ? length : 1)..];
        return runes;
    }

    private bool Overlaps(in ExemplarSeriesEntry series, long minTimeMs, long maxTimeMs) =>
        _buffer[series.Oldest].TimeMs <= maxTimeMs && _buffer[series.Newest].TimeMs >= minTimeMs;

    private static bool IsSelected(ReadOnlySpan<byte> packed, IReadOnlyList<IReadOnlyList<Matcher>> selectors)
    {
        foreach (IReadOnlyList<Matcher> selector in selectors)
        {
            if (AcceptsAll(selector, packed))
                return true;
        }

        return false;
    }

    private static bool AcceptsAll(IReadOnlyList<Matcher> matchers, ReadOnlySpan<byte> packed)
    {
        foreach (Matcher matcher in matchers)
        {
            if (!matcher.Matches(PackedLabels.Get(packed, matcher.NameUtf8)))
                return false;
        }

        return true;
    }

    private void Copy(in ExemplarSeriesEntry series, long minTimeMs, long maxTimeMs, List<ExemplarSeries> selected)
    {
        List<Exemplar> exemplars = [];
        for (int place = series.Oldest; place != ExemplarEntry.None && _buffer[place].TimeMs <= maxTimeMs; place = _buffer[place].Next)
        {
            ref readonly ExemplarEntry entry = ref _buffer[place];
            if (entry.TimeMs >= minTimeMs)
                exemplars.Add(new Exemplar(Labels.FromPacked(entry.PackedLabels), entry.Value, entry.TimeMs, entry.HasTime));
        }

        if (exemplars.Count > 0)
            selected.Add(new ExemplarSeries(Labels.FromPacked(series.PackedLabels), exemplars));
    }
}
