using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>An open transaction with what it has taken.</summary>
internal sealed class HistoryTransaction(TsdbStore store, HistoryModel model, HistoryClock clock, Random random) : IDisposable
{
    /// <summary>Series that there are at one time.</summary>
    public const int Jobs = 7;

    private const long Minute = 60_000;

    private readonly IAppender _appender = store.OpenAppender();
    private readonly Dictionary<string, long> _newestSeen = [];
    private readonly List<HistoryRow> _rows = [];

    /// <summary>What was taken; whether others were faster is looked up now.</summary>
    public List<HistoryRow> Rows => [.. _rows.Select(row => row with
    {
        // In order when it was taken, but something newer was committed since.
        MayBeDropped = row.MayBeDropped || (!row.IsLate && model.NewestMs(row.Series) >= row.TimeMs),
        IsLate = row.IsLate || row.MayBeDropped || model.NewestMs(row.Series) >= row.TimeMs,
    })];

    /// <summary>Draws samples and has them taken.</summary>
    public void Stage()
    {
        var batch = new AppendBatch(4);
        var drawn = new List<(string Series, long TimeMs, string Text)>();
        for (int i = random.Next(1, 10); i > 0; i--)
        {
            clock.Advance(1000);
            AddRow(batch, drawn);
        }

        if (store.Head.Options.StoresStartTimes)
            batch.StartTimesMs = [.. batch.TimesMs.Select(time => time - 500)];
        if (random.Next(4) == 0)
            AddRest(batch);
        _appender.Append(batch);
        for (int i = 0; i < drawn.Count; i++)
        {
            Assert.NotEqual(AppendOutcome.UnknownSeries, batch.Outcomes[i]);
            if (batch.Outcomes[i] == AppendOutcome.Accepted)
                Note(drawn[i]);
            else if (IsPlain(drawn[i]))
                Assert.Fail($"{drawn[i]} was refused: {batch.Outcomes[i]}");
        }
    }

    public ValueTask CommitAsync() => _appender.CommitAsync(TestContext.Current.CancellationToken);

    public void Rollback() => _appender.Rollback();

    public void Dispose() => _appender.Dispose();

    private void AddRow(AppendBatch batch, List<(string Series, long TimeMs, string Text)> drawn)
    {
        int job = random.Next(Jobs);

        // Half of the series are replaced every forty minutes. Most series stay with one kind of samples; one is ahead of its time.
        string name = job % 2 == 0 ? $"j{job}" : $"j{job}-{clock.NowMs / (40 * Minute) % 100}";
        long timeMs = random.Next(40) switch
        {
            0 or 1 or 2 => clock.NowMs - random.NextInt64(20 * Minute),
            3 => clock.NowMs - random.NextInt64(90 * Minute),
            4 when model.NewestMs(name) > long.MinValue => model.NewestMs(name),
            _ => job == 6 && random.Next(8) == 0 ? clock.NowMs + random.NextInt64(300 * Minute) : clock.NowMs,
        };
        char letter = random.Next(8) == 0 ? MixedSamples.Letters[random.Next(6)] : "ffhcHCf"[job];
        int number = clock.NextNumber();
        drawn.Add((name, timeMs, letter == 's' ? "stale" : $"{char.ToLowerInvariant(letter)}{number}"));
        batch.AddMixed(_appender.Series(LabelsOf(name)), timeMs, letter, number);
    }

    // What else a scrape brings.
    private void AddRest(AppendBatch batch)
    {
        SeriesRef series = batch.Series[0];
        batch.Exemplars.Add((series, new Exemplar(Labels.FromStrings("trace", $"{clock.Number}"), clock.Number, batch.TimesMs[0], true)));
        batch.Metadata.Add((series, new SeriesMetadata(1, "", $"help {clock.Number % 3}")));
    }

    private void Note((string Series, long TimeMs, string Text) row)
    {
        long newest = model.NewestMs(row.Series);
        bool isLate = row.TimeMs <= newest || row.TimeMs < store.Head.Bounds.AppendableMinTimeMs(row.TimeMs);
        bool isOvertaken = _newestSeen.TryGetValue(row.Series, out long seen) && row.TimeMs <= seen;
        _newestSeen[row.Series] = Math.Max(row.TimeMs, _newestSeen.GetValueOrDefault(row.Series, long.MinValue));
        _rows.Add(new HistoryRow(row.Series, row.TimeMs, row.Text, isLate, isOvertaken));
    }

    // Of the present, and newer than anything else of its series: there is no reason to refuse it.
    private bool IsPlain((string Series, long TimeMs, string Text) row) =>
        row.TimeMs > clock.NowMs - Minute && row.TimeMs > model.NewestMs(row.Series);

    private static Labels LabelsOf(string job) => SeriesChoice.IsPadded(job)
        ? Labels.FromStrings("__name__", "mixed", "job", job, "pad", Noise(job), "zone", SeriesChoice.ZoneOf(job))
        : Labels.FromStrings("__name__", "mixed", "job", job, "zone", SeriesChoice.ZoneOf(job));

    // Long and irregular, so that logs are cut into segments though they are compressed.
    private static string Noise(string job)
    {
        var noise = new Random(job.Length * 1000 + job[^1]);
        return string.Create(1200, noise, static (text, noise) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = (char)('a' + noise.Next(26));
        });
    }
}
