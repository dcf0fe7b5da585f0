namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// What a store must and may hold, series by series: samples as text by their times. Samples of commits that failed may turn up after
/// a restart; samples older than what is kept may be gone.
/// </summary>
internal sealed class HistoryModel
{
    private readonly Dictionary<string, SortedDictionary<long, string>> _committed = [];
    private readonly Dictionary<string, SortedDictionary<long, string>> _failed = [];

    /// <summary>Older samples may have been dropped.</summary>
    public long KeptFromMs { get; set; } = long.MinValue;

    /// <summary>Samples up to this time are on stable storage.</summary>
    public long DurableUpToMs { get; set; } = long.MinValue;

    public void Commit(IEnumerable<(string Job, long TimeMs, string Text)> rows) => Add(_committed, rows);

    /// <summary>Notes a commit that was not acknowledged.</summary>
    public void Fail(IEnumerable<(string Job, long TimeMs, string Text)> rows) => Add(_failed, rows);

    /// <summary>Compares what a query of a range of times found.</summary>
    public void Check(Dictionary<string, List<(long TimeMs, string Text)>> found, long minTimeMs, long maxTimeMs) =>
        Check(found, minTimeMs, maxTimeMs, Math.Max(minTimeMs, KeptFromMs), maxTimeMs);

    /// <summary>Compares what is there after a restart, and goes on from that.</summary>
    public void Adopt(Dictionary<string, List<(long TimeMs, string Text)>> found, bool losesUnsynced)
    {
        Check(found, long.MinValue, long.MaxValue, KeptFromMs, losesUnsynced ? DurableUpToMs : long.MaxValue);
        _committed.Clear();
        _failed.Clear();
        foreach ((string job, List<(long TimeMs, string Text)> samples) in found)
            Commit(samples.Select(sample => (job, sample.TimeMs, sample.Text)));
    }

    /// <summary>Jobs of series that have samples for certain.</summary>
    public IEnumerable<string> CertainJobs => _committed.Where(series => series.Value.Keys.Last() >= KeptFromMs).Select(series => series.Key);

    /// <summary>Whether there ever was such a series.</summary>
    public bool Knows(string job) => _committed.ContainsKey(job) || _failed.ContainsKey(job);

    private void Check(
        Dictionary<string, List<(long TimeMs, string Text)>> found, long minTimeMs, long maxTimeMs, long certainFromMs, long certainToMs)
    {
        foreach ((string job, List<(long TimeMs, string Text)> samples) in found)
        {
            long previous = long.MinValue;
            foreach ((long timeMs, string text) in samples)
            {
                Assert.True(timeMs > previous, $"{job}: {timeMs} follows {previous}");
                Assert.InRange(timeMs, minTimeMs, maxTimeMs);
                string? known = TextOf(_committed, job, timeMs) ?? TextOf(_failed, job, timeMs);
                Assert.True(known == text, $"{job} at {timeMs}: {text} was found, {known ?? "nothing"} was appended");
                previous = timeMs;
            }
        }

        foreach ((string job, SortedDictionary<long, string> samples) in _committed)
        {
            HashSet<long> times = [.. (found.GetValueOrDefault(job) ?? []).Select(sample => sample.TimeMs)];
            foreach (long timeMs in samples.Keys)
                Assert.True(timeMs < certainFromMs || timeMs > certainToMs || times.Contains(timeMs), $"{job} at {timeMs}: {samples[timeMs]} is lost");
        }
    }

    private static string? TextOf(Dictionary<string, SortedDictionary<long, string>> all, string job, long timeMs) =>
        all.GetValueOrDefault(job)?.GetValueOrDefault(timeMs);

    private static void Add(Dictionary<string, SortedDictionary<long, string>> all, IEnumerable<(string Job, long TimeMs, string Text)> rows)
    {
        foreach ((string job, long timeMs, string text) in rows)
        {
            if (!all.TryGetValue(job, out SortedDictionary<long, string>? samples))
                all.Add(job, samples = []);
            samples.Add(timeMs, text);
        }
    }
}
