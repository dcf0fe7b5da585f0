using System.Globalization;
using Forethought.Configuration;
using Forethought.Model;

namespace Forethought.Scrape.Tests;

/// <summary>One line of a made-up exposition.</summary>
/// <param name="Text">The series as it is exposed.</param>
/// <param name="Stored">The labels it is stored under; null when relabelling drops it.</param>
/// <param name="Value">Its value.</param>
/// <param name="TimeMs">Its timestamp, if it has one.</param>
internal sealed record ExposedLine(string Text, string? Stored, double Value, long? TimeMs)
{
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Text} {Value} {TimeMs}\n");
}

/// <summary>
/// What upstream's rules (scrape/scrape.go: append, updateStaleMarkers, iterDone) make of a sequence of scrapes, in the words of sets and
/// dictionaries: no positions, no hashes, no bits.
/// </summary>
internal sealed class ScrapeModel(ScrapeConfiguration job)
{
    private readonly Dictionary<string, List<(long TimeMs, double? Value)>> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cached = [];
    private HashSet<string> _previous = [];

    public int Scraped { get; private set; }

    public int Kept { get; private set; }

    public int SeriesAdded { get; private set; }

    public int Duplicates { get; private set; }

    /// <summary>Takes a scrape in whose lines are followed by a malformed one if <paramref name="isCut"/>; no lines: it failed.</summary>
    public void Scrape(IReadOnlyList<ExposedLine> lines, bool isCut, long nowMs)
    {
        (Scraped, Kept, SeriesAdded, Duplicates) = (0, 0, 0, 0);
        var staged = new List<(string Series, long TimeMs, double Value)>();
        HashSet<string> tracked = [], seen = [];
        bool isOverLimit = false;
        foreach (ExposedLine line in lines)
            Take(line, nowMs, staged, tracked, seen, ref isOverLimit);
        bool isStored = lines.Count > 0 && !isCut && !isOverLimit;
        if (isStored)
        {
            foreach ((string series, long timeMs, double value) in staged)
                Store(series, timeMs, value);
            // A scrape that went well forgets what it did not see.
            _cached.IntersectWith(seen);
        }

        foreach (string series in _previous.Where(series => !tracked.Contains(series)))
        {
            if (Last(series) is not { } last || last.TimeMs < nowMs)
                Store(series, nowMs, null);
        }

        _previous = tracked;
    }

    /// <summary>Everything that is stored, as <see cref="MemoryStorage.Lines"/> writes it.</summary>
    public List<string> Lines() =>
    [
        .. _stored.OrderBy(series => Parse(series.Key)).SelectMany(series => series.Value.Select(sample => string.Create(
            CultureInfo.InvariantCulture, $"{Parse(series.Key)} {(object?)sample.Value ?? "stale"}@{sample.TimeMs}"))),
    ];

    private void Take(
        ExposedLine line, long nowMs, List<(string, long, double)> staged, HashSet<string> tracked, HashSet<string> seen, ref bool isOverLimit)
    {
        Scraped++;
        if (line.Stored is not { } series)
            return;
        Kept++;
        long? timeMs = job.HonorTimestamps ? line.TimeMs : null;
        bool isCached = _cached.Contains(line.Text);
        if (isCached && !seen.Add(line.Text) && timeMs is null)
        {
            Duplicates++;
            return;
        }

        if (job.SampleLimit > 0 && staged.Count >= (int)job.SampleLimit)
        {
            isOverLimit = true;
            return;
        }

        staged.Add((series, timeMs ?? nowMs, line.Value));
        if (timeMs is null || job.TrackTimestampsStaleness)
            tracked.Add(series);
        if (!isCached)
        {
            _cached.Add(line.Text);
            seen.Add(line.Text);
            SeriesAdded++;
        }
    }

    private void Store(string series, long timeMs, double? value)
    {
        if (!_stored.TryGetValue(series, out List<(long, double?)>? samples))
            _stored.Add(series, samples = []);
        samples.Add((timeMs, value));
    }

    private (long TimeMs, double? Value)? Last(string series) => _stored.TryGetValue(series, out List<(long, double?)>? samples) ? samples[^1] : null;

    // Labels as "name=value,name=value".
    private static Labels Parse(string labels) => Labels.FromStrings([.. labels.Split(',').SelectMany(pair => pair.Split('=', 2))]);
}
