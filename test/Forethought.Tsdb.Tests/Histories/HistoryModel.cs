using System.Collections.Immutable;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>
/// What a store must and may hold. Cheap to copy: a copy stands for the moment of a crash.
/// </summary>
/// <remarks>
/// Acknowledged means: a commit that returned survives the end of the process; it survives the loss of power once its place in the log is
/// synced, or what it became is (a checkpoint, a block).
/// </remarks>
internal sealed class HistoryModel
{
    private ImmutableDictionary<string, ImmutableSortedDictionary<long, ModelCell>> _series =
        ImmutableDictionary<string, ImmutableSortedDictionary<long, ModelCell>>.Empty;

    // Deletions that may hide late samples that come after them, until these are in blocks.
    private ImmutableDictionary<string, ImmutableArray<(long MinMs, long MaxMs)>> _hidden =
        ImmutableDictionary<string, ImmutableArray<(long MinMs, long MaxMs)>>.Empty;

    /// <summary>Older samples may have been dropped.</summary>
    public long KeptFromMs { get; private set; } = long.MinValue;

    /// <summary>Jobs of series that have samples for certain.</summary>
    public IEnumerable<string> CertainJobs => _series
        .Where(series => series.Value.Any(cell => cell.Value.IsCertain && cell.Key >= KeptFromMs))
        .Select(series => series.Key);

    public HistoryModel Copy() => new() { _series = _series, _hidden = _hidden, KeptFromMs = KeptFromMs };

    /// <summary>The newest sample of a series that there was or may have been.</summary>
    public long NewestMs(string series) =>
        _series.GetValueOrDefault(series) is { Count: > 0 } cells ? cells.Keys.Last() : long.MinValue;

    /// <summary>Notes that older samples may have been dropped.</summary>
    public void Drop(long beforeMs) => KeptFromMs = Math.Max(KeptFromMs, beforeMs);

    /// <summary>Notes an acknowledged transaction.</summary>
    /// <param name="rows">What it took.</param>
    /// <param name="place">Where the write-ahead log ended.</param>
    /// <param name="latePlace">Where both logs ended.</param>
    public void Commit(IEnumerable<HistoryRow> rows, LogPlace place, LogPlace latePlace)
    {
        foreach (HistoryRow row in rows)
        {
            bool isCertain = !row.MayBeDropped && !(row.IsLate && IsHidden(row));
            Change(row.Series, row.TimeMs, cell => cell.With(row, isCertain, row.IsLate ? latePlace : place));
        }
    }

    /// <summary>Notes a transaction that was not acknowledged.</summary>
    public void Fail(IEnumerable<HistoryRow> rows)
    {
        foreach (HistoryRow row in rows)
            Change(row.Series, row.TimeMs, cell => cell.WithUnacknowledged(row.Text));
    }

    /// <summary>Notes a deletion.</summary>
    public void Delete(HistoryDeletion deletion, bool isDone, LogPlace place)
    {
        foreach ((string series, ImmutableSortedDictionary<long, ModelCell> cells) in _series)
        {
            if (!deletion.Choice.Accepts(series))
                continue;
            foreach (long timeMs in cells.Keys.Where(time => time >= deletion.MinMs && time <= deletion.MaxMs).ToArray())
                Change(series, timeMs, cell => cell.Delete(isDone, place));
            _hidden = _hidden.SetItem(series, _hidden.GetValueOrDefault(series, []).Add((deletion.MinMs, deletion.MaxMs)));
        }
    }

    /// <summary>Notes that all late samples are in blocks.</summary>
    public void SettleLate() => ChangeAll(cell => cell.IsLate ? cell with { IsLate = false } : cell);

    /// <summary>Notes that the process has ended.</summary>
    public void Kill() => ChangeAll(cell => cell.Unacknowledged.IsEmpty ? cell : cell.Kill());

    /// <summary>Notes that the power was lost.</summary>
    public void LosePower(LogFrontier frontier) => ChangeAll(cell => cell.LosePower(frontier));

    /// <summary>Compares what a query found.</summary>
    public void Check(FoundSamples found, long minMs, long maxMs, SeriesChoice choice, bool needsLate = true)
    {
        foreach ((string series, List<(long TimeMs, string Text)> samples) in found)
        {
            Assert.True(choice.Accepts(series), $"{series} was not asked for");
            CheckFound(series, samples, minMs, maxMs);
        }

        foreach ((string series, ImmutableSortedDictionary<long, ModelCell> cells) in _series)
        {
            if (choice.Accepts(series))
                CheckCertain(series, cells, found.GetValueOrDefault(series) ?? [], Math.Max(minMs, KeptFromMs), maxMs, needsLate);
        }
    }

    /// <summary>Compares what is there after a start, and goes on from that.</summary>
    /// <param name="found">All samples.</param>
    /// <param name="isDurable">Whether what was found is on stable storage, as after a power loss.</param>
    public void Adopt(FoundSamples found, bool isDurable)
    {
        Check(found, long.MinValue, long.MaxValue, SeriesChoice.All);
        foreach ((string series, ImmutableSortedDictionary<long, ModelCell> cells) in _series)
        {
            Dictionary<long, string> texts = (found.GetValueOrDefault(series) ?? []).ToDictionary(sample => sample.TimeMs, sample => sample.Text);
            ImmutableSortedDictionary<long, ModelCell>.Builder adopted = cells.ToBuilder();
            foreach ((long timeMs, ModelCell cell) in cells)
            {
                bool mayComeBack = timeMs < KeptFromMs || cell.IsLate;
                adopted[timeMs] = cell.Adopt(texts.GetValueOrDefault(timeMs), mayComeBack, isDurable);
            }

            _series = _series.SetItem(series, adopted.ToImmutable());
        }
    }

    private bool IsHidden(HistoryRow row) =>
        _hidden.GetValueOrDefault(row.Series, []).Any(deleted => row.TimeMs >= deleted.MinMs && row.TimeMs <= deleted.MaxMs);

    private void CheckFound(string series, List<(long TimeMs, string Text)> samples, long minMs, long maxMs)
    {
        ImmutableSortedDictionary<long, ModelCell>? cells = _series.GetValueOrDefault(series);
        long previous = long.MinValue;
        foreach ((long timeMs, string text) in samples)
        {
            Assert.True(timeMs > previous, $"{series}: {timeMs} follows {previous}");
            Assert.True(timeMs >= minMs && timeMs <= maxMs, $"{series}: {timeMs} is not in {minMs}..{maxMs}");
            ModelCell cell = cells?.GetValueOrDefault(timeMs) ?? new ModelCell();

            // What retention dropped with the block that told how far the head is written comes back from the log with a restart.
            bool mayBeBack = timeMs < KeptFromMs && cell.Gone.Any(gone => gone.Text == text);
            if (!cell.Texts.Contains(text) && !mayBeBack)
                Assert.Fail($"{series} at {timeMs}: {text} was found, may be {Describe(cell)}; {OriginOf(text)}");
            previous = timeMs;
        }
    }

    // Every sample has a text of its own, but for stale markers.
    private string OriginOf(string text) => string.Join(", ", _series.SelectMany(series => series.Value
        .Where(cell => cell.Value.Texts.Contains(text) || cell.Value.Unacknowledged.Contains(text) || cell.Value.Gone.Any(gone => gone.Text == text))
        .Select(cell => $"it was appended to {series.Key} at {cell.Key}")).DefaultIfEmpty("it was never appended"));

    private static void CheckCertain(
        string series, ImmutableSortedDictionary<long, ModelCell> cells, List<(long TimeMs, string Text)> samples, long minMs, long maxMs,
        bool needsLate)
    {
        HashSet<long> times = [.. samples.Select(sample => sample.TimeMs)];
        foreach ((long timeMs, ModelCell cell) in cells)
        {
            if (cell.IsCertain && timeMs >= minMs && timeMs <= maxMs && (needsLate || !cell.IsLate) && !times.Contains(timeMs))
                Assert.Fail($"{series} at {timeMs}: {Describe(cell)} is lost");
        }
    }

    private static string Describe(ModelCell cell) => cell.Texts.IsEmpty
        ? $"nothing (deleted: {string.Join(' ', cell.Gone)}, not acknowledged: {string.Join(' ', cell.Unacknowledged)})"
        : $"{string.Join(" or ", cell.Texts)}{(cell.IsCertain ? "" : " or nothing")}{(cell.IsLate ? ", late" : "")}";

    private void Change(string series, long timeMs, Func<ModelCell, ModelCell> change)
    {
        ImmutableSortedDictionary<long, ModelCell> cells =
            _series.GetValueOrDefault(series, ImmutableSortedDictionary<long, ModelCell>.Empty);
        _series = _series.SetItem(series, cells.SetItem(timeMs, change(cells.GetValueOrDefault(timeMs, new ModelCell()))));
    }

    private void ChangeAll(Func<ModelCell, ModelCell> change)
    {
        foreach ((string series, ImmutableSortedDictionary<long, ModelCell> cells) in _series)
        {
            ImmutableSortedDictionary<long, ModelCell>.Builder changed = cells.ToBuilder();
            foreach ((long timeMs, ModelCell cell) in cells)
            {
                ModelCell after = change(cell);
                if (after != cell)
                    changed[timeMs] = after;
            }

            _series = _series.SetItem(series, changed.ToImmutable());
        }
    }
}
