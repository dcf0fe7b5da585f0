using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Random transactions of samples of all kinds, with churn, rollbacks, truncations and restarts, against lists of samples; and the log
/// that they leave against the rules of upstream's <c>getCurrentBatch</c> and <c>log</c> (tsdb/head_append.go), followed row by row.
/// </summary>
public sealed class MixedModelTests
{
    private const int Jobs = 7;

    private readonly MemoryDisk _disk = new();
    private readonly Dictionary<int, List<(long TimeMs, char Letter, int Number)>> _model = [];
    private readonly List<string> _records = [];
    private long _truncatedMs;
    private int _lastNumber;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Samples_of_all_kinds_are_what_the_model_says_and_so_is_the_log(int seed)
    {
        Random random = Fuzz.Random(seed);
        TsdbStore store = await OpenAsync();
        long now = 1_700_000_000_000;
        for (int step = 0; step < Fuzz.Rounds(250); step++)
        {
            now += 1000 * random.Next(1, 60);
            now = await TransactAsync(store, random, now);
            if (random.Next(8) == 0)
                await CheckAsync(store);
            if (random.Next(40) != 0)
                continue;
            await store.DisposeAsync();
            store = await OpenAsync();
        }

        await CheckAsync(store);
        await store.DisposeAsync();
        Assert.Equal(string.Join(' ', _records), MixedSamples.DescribeLog(_disk.Log));
        store = await OpenAsync();
        await CheckAsync(store);
        await store.DisposeAsync();
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Truncation_drops_what_is_old_whatever_its_kind(int seed)
    {
        Random random = Fuzz.Random(seed);
        TsdbStore store = await OpenAsync();
        long now = 1_700_000_000_000;
        for (int step = 0; step < Fuzz.Rounds(200); step++)
        {
            now += 1000 * random.Next(1, 600);
            now = await TransactAsync(store, random, now);
            if (random.Next(12) == 0)
                await TruncateAsync(store, now - random.Next(3_000_000, 12_000_000));
            if (random.Next(8) == 0)
                await CheckAsync(store);
            if (random.Next(50) != 0)
                continue;
            await store.DisposeAsync();
            store = await OpenAsync();
            await store.TruncateHeadAsync(_truncatedMs);
        }

        await CheckAsync(store);
        await store.TruncateHeadAsync(now + 1);
        await store.TruncateHeadAsync(now + 2);
        Assert.Equal(0, store.GetStatistics().Series);
        Assert.Equal(0, store.Head.Counters.StaleSeries);
        await store.DisposeAsync();
    }

    private static Labels LabelsOf(int job) => Labels.FromStrings("__name__", "mixed", "job", $"j{job}");

    private Task<TsdbStore> OpenAsync() =>
        TsdbStore.OpenAsync(new TsdbOptions { DataDirectory = _disk.Root, WalSegmentSize = 32 * 1024, Retention = RetentionLimits.None });

    // A few rows of a few series; those of one series ascend, the first of them perhaps not beyond what is committed.
    private async Task<long> TransactAsync(TsdbStore store, Random random, long now)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch(4);
        var rows = new List<(int Job, long TimeMs, char Letter, int Number)>();
        for (int i = random.Next(1, 14); i > 0; i--)
        {
            int job = random.Next(Jobs);
            char letter = NextLetter(random, job, rows);
            bool isLate = random.Next(10) == 0 && !rows.Exists(row => row.Job == job);
            long time = isLate ? now - 1000 * random.Next(120) : now += 1000 * random.Next(1, 3);
            rows.Add((job, time, letter, ++_lastNumber));
            batch.AddMixed(appender.Series(LabelsOf(job)), time, letter, _lastNumber);
        }

        appender.Append(batch);
        for (int row = rows.Count - 1; row >= 0; row--)
        {
            bool isNewest = !_model.TryGetValue(rows[row].Job, out var samples) || rows[row].TimeMs > samples[^1].TimeMs;
            if (isNewest && rows[row].TimeMs >= _truncatedMs)
            {
                Assert.Equal(AppendOutcome.Accepted, batch.Outcomes[row]);
                continue;
            }

            Assert.NotEqual(AppendOutcome.Accepted, batch.Outcomes[row]);
            rows.RemoveAt(row);
        }

        if (random.Next(12) == 0)
            return now;
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        _records.AddRange(RecordsOf(rows));
        foreach ((int job, long timeMs, char letter, int number) in rows)
        {
            if (!_model.TryGetValue(job, out var samples))
                _model.Add(job, samples = []);
            samples.Add((timeMs, letter, number));
        }

        return now;
    }

    // Mostly the kind that the series had before; a stale marker only where there is a sample before it.
    private char NextLetter(Random random, int job, List<(int Job, long TimeMs, char Letter, int Number)> rows)
    {
        char last = rows.FindLast(row => row.Job == job).Letter;
        if (last == 0 && _model.TryGetValue(job, out var samples))
            last = samples[^1].Letter;
        if (last == 0)
            return "fhcHC"[random.Next(5)];
        return random.Next(10) < 6 ? last : MixedSamples.Letters[random.Next(6)];
    }

    private static IEnumerable<string> RecordsOf(List<(int Job, long TimeMs, char Letter, int Number)> rows)
    {
        var batches = new List<Dictionary<char, List<long>>>();
        var kinds = new Dictionary<int, char>();
        foreach ((int job, long timeMs, char sample, _) in rows)
        {
            bool isKnown = kinds.TryGetValue(job, out char kind);
            char letter = sample;
            if (sample == 's')
                letter = !isKnown ? 'f' : kind is 'h' or 'c' ? 'h' : 'H';
            if (batches.Count == 0 || (isKnown && kind != letter))
            {
                batches.Add("fhcHC".ToDictionary(each => each, _ => new List<long>()));
                kinds.Clear();
            }

            if (letter != 'f')
                kinds[job] = letter;
            batches[^1][letter].Add(timeMs / 1000);
        }

        return batches.SelectMany(batch => "fhcHC".Where(letter => batch[letter].Count > 0), (batch, letter) => $"{letter}({string.Join(' ', batch[letter])})");
    }

    private async Task TruncateAsync(TsdbStore store, long timeMs)
    {
        if (timeMs <= _truncatedMs)
            return;
        _truncatedMs = timeMs;
        await store.TruncateHeadAsync(timeMs);
        foreach (int job in _model.Keys.ToArray())
        {
            if (_model[job][^1].TimeMs < timeMs)
                _model.Remove(job);
        }
    }

    private async Task CheckAsync(TsdbStore store)
    {
        for (int job = 0; job < Jobs; job++)
        {
            string[] expected = MixedSamples.Describe(_model.GetValueOrDefault(job) ?? []).Split(", ");
            string[] actual = (await store.ReadMixedAsync(LabelsOf(job))).Split(", ");
            Assert.Equal(expected.Where(IsKept), actual.Where(IsKept));
        }

        // What shares a chunk with newer samples may still be there.
        bool IsKept(string sample) => sample.Length > 0 && long.Parse(sample.Split(' ')[0]) >= _truncatedMs;
    }
}
