using System.Globalization;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.OutOfOrder;

/// <summary>
/// Random samples in order and out of order, floats and histograms, with deletions, restarts, kills, compactions and changes of the
/// window, against a dictionary by time. Which samples are taken follows upstream's <c>memSeries.appendable</c>; of several of one time, any
/// may be kept, but one and only one.
/// </summary>
public sealed class OutOfOrderModelTests
{
    private const int Jobs = 5;
    private const long Minute = 60_000;
    private const long HalfRange = 60 * Minute;
    private static readonly long Start = 1_700_000_000_000 / (120 * Minute) * (120 * Minute);

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _warnings = [];
    private readonly SortedDictionary<long, HashSet<string>>[] _model = [.. Enumerable.Range(0, Jobs).Select(_ => new SortedDictionary<long, HashSet<string>>())];
    private readonly long[] _newestInOrder = [.. Enumerable.Repeat(long.MinValue, Jobs)];
    private long _newest = long.MinValue;
    private long _windowMs = 150 * Minute;
    private int _number;

    [Theory]
    [InlineData(1, "f")]
    [InlineData(2, "f")]
    [InlineData(3, "hHfc")]
    [InlineData(4, "hH")]
    [InlineData(5, "fffhC")]
    [InlineData(6, "f")]
    public async Task Every_sample_is_there_once_whatever_order_it_came_in(int seed, string letters)
    {
        Random random = Fuzz.Random(seed);
        TsdbStore store = await OpenAsync();
        long now = Start;
        for (int step = 0; step < Fuzz.Rounds(300); step++)
        {
            now += random.Next(1, 240) * 1000;
            await TransactAsync(store, random, now, letters);
            switch (random.Next(26))
            {
                case 0:
                    await store.DisposeAsync();
                    store = await OpenAsync();
                    break;
                case 1:
                    store = await KillAsync(store);
                    break;
                case 2 or 3:
                    await store.MaintainAsync();
                    break;
                case 4:
                    _windowMs = random.Next(4) == 0 ? 0 : random.Next(10, 400) * Minute;
                    store.OutOfOrderTimeWindow = TimeSpan.FromMilliseconds(_windowMs);
                    break;
                case 5 or 6 or 7:
                    await CheckAsync(store);
                    break;
                case 8 or 9:
                    await DeleteAsync(store, random, now);
                    break;
            }
        }

        await CheckAsync(store);
        await store.MaintainAsync();
        await CheckAsync(store);
        await store.DisposeAsync();
        store = await OpenAsync();
        await CheckAsync(store);
        await store.DisposeAsync();
        Assert.Empty(_warnings);
    }

    private static Labels LabelsOf(int job) => Labels.FromStrings("__name__", "late", "job", string.Create(CultureInfo.InvariantCulture, $"j{job}"));

    private Task<TsdbStore> OpenAsync() => TsdbStore.OpenAsync(new TsdbOptions
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        WalSegmentSize = 32 * 1024,
        OutOfOrderTimeWindow = TimeSpan.FromMilliseconds(_windowMs),
        OutOfOrderCapMax = 8,
        Warned = _warnings.Add,
    });


    private async Task<TsdbStore> KillAsync(TsdbStore store)
    {
        _disk.Fault = (_, _) => new DiskFault(0, Crashes: true);
        await Assert.ThrowsAsync<IOException>(async () => await store.DisposeAsync());
        _disk.Restart(losesUnsynced: false);
        return await OpenAsync();
    }

    private async Task TransactAsync(TsdbStore store, Random random, long now, string letters)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        var rows = new List<(int Job, long TimeMs, char Letter, int Number)>();
        foreach (int job in Enumerable.Range(0, Jobs).Where(_ => random.Next(3) > 0))
        {
            // Most that are late are so by little, and several have the same time.
            long late = random.Next(3) switch { 0 => 0, 1 => random.Next(1, 100) * 5000, _ => random.Next(1, 500) * Minute };
            char letter = letters[random.Next(letters.Length)];
            rows.Add((job, now - late, letter, ++_number));
            batch.AddMixed(appender.Series(LabelsOf(job)), now - late, letter, _number);
        }

        if (rows.Count == 0)
            return;
        long newestBefore = _newest == long.MinValue ? rows[0].TimeMs : _newest;
        long appendableMin = Math.Max(store.Head.Bounds.MinValidTimeMs, newestBefore - HalfRange);
        appender.Append(batch);
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < rows.Count; i++)
        {
            (int job, long time, char letter, int number) = rows[i];
            bool isInOrder = time >= appendableMin && time > _newestInOrder[job];
            bool isDuplicate = time >= appendableMin && time == _newestInOrder[job];
            AppendOutcome expected = isInOrder ? AppendOutcome.Accepted
                : isDuplicate ? AppendOutcome.DuplicateTimestamp
                : _windowMs == 0 ? (time < appendableMin ? AppendOutcome.OutOfBounds : AppendOutcome.OutOfOrder)
                : time >= newestBefore - _windowMs ? AppendOutcome.Accepted : AppendOutcome.TooOld;
            Assert.Equal(expected, batch.Outcomes[i]);
            if (expected != AppendOutcome.Accepted)
                continue;
            if (isInOrder)
                _newestInOrder[job] = time;
            if (isInOrder)
                _newest = Math.Max(_newest, time);
            if (!_model[job].TryGetValue(time, out HashSet<string>? candidates))
                _model[job].Add(time, candidates = []);
            candidates.Add(MixedSamples.Describe([(time, letter, number)]));
        }
    }

    // What comes late after this may have a time that was deleted, and then counts.
    private async Task DeleteAsync(TsdbStore store, Random random, long now)
    {
        int job = random.Next(Jobs);
        long max = random.Next(6) == 0 ? long.MaxValue : now - random.Next(500) * Minute;
        long min = random.Next(6) == 0 ? long.MinValue : Math.Min(max, now) - random.Next(100) * Minute;
        await store.DeleteAsync(min, max, [new Matcher(Forethought.Model.MatchType.Equal, "job", $"j{job}")]);
        foreach (long time in _model[job].Keys.Where(time => time >= min && time <= max).ToArray())
            _model[job].Remove(time);
    }

    private async Task CheckAsync(TsdbStore store)
    {
        for (int job = 0; job < Jobs; job++)
        {
            string text = await store.ReadMixedAsync(LabelsOf(job));
            string[] found = text.Length == 0 ? [] : text.Split(", ");
            Assert.Equal(_model[job].Keys, found.Select(sample => long.Parse(sample.Split(' ')[0], CultureInfo.InvariantCulture)));
            Assert.All(found.Zip(_model[job].Values), pair => Assert.Contains(pair.First, pair.Second));
        }
    }
}
