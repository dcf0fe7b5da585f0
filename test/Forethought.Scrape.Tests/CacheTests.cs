using System.Globalization;
using System.Text;
using Forethought.Configuration;
using Forethought.Model;
using Forethought.Scrape.Cache;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class CacheTests
{
    /// <summary>
    /// Random expositions whose lines appear, vanish, move, repeat, get timestamps, or are malformed, through one cache; and each through a
    /// model that knows no cache: what is stored must be the same.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_cache_changes_nothing(int seed)
    {
        var random = new Random(seed);
        var job = new ScrapeConfiguration
        {
            TrackTimestampsStaleness = seed % 2 == 0,
            MetricRelabelRules = [new RelabelRule { SourceLabels = ["d"], Pattern = "y", Action = RelabelAction.Drop }],
        };
        var cached = new Ingested(job);
        var model = new UncachedModel(job.TrackTimestampsStaleness);
        List<string> names = [.. Enumerable.Range(0, 40).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        for (int scrape = 0; scrape < 120; scrape++)
        {
            Shuffle(random, names);
            List<(string Name, double Value, long? TimeMs)> lines = Lines(random, names, cached.TimeMs + 1000);
            Assert.Null(cached.Scrape(Text(random, lines)));
            model.Scrape(lines, cached.TimeMs);
            Assert.Equal(model.Last(cached.TimeMs), LastOf(cached));
        }

        Assert.Equal(model.All(), cached.Storage.Lines());
    }

    /// <summary>Damaged expositions after a whole one: the warm cache must give the rows and the error that a cold one gives.</summary>
    [Theory]
    [InlineData(Exposition.ExpositionFormat.Text)]
    [InlineData(Exposition.ExpositionFormat.OpenMetrics)]
    public void A_warm_cache_reads_damaged_lines_as_a_cold_one(Exposition.ExpositionFormat format)
    {
        // The type stays whole: a series keeps the labels that it was first seen with, whatever its type is said to be later.
        const string Type = "# TYPE a histogram\n";
        byte[] whole = Ingested.Body(
            Type + "# HELP a help\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 2 5\na 3.5\nab{x=\"y z\",} NaN\n{\"q.r\"} 1e3\na_sum 7\n"
            + (format == Exposition.ExpositionFormat.OpenMetrics ? "e_total 1 # {t=\"1\"} 0.5\n# EOF\n" : "# odd\n"), format);
        byte[] spice = "\0\n\t {}\",=#\\a1"u8.ToArray();
        var random = new Random(7);
        for (int round = 0; round < 400; round++)
        {
            byte[] damaged = (byte[])whole.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
                damaged[random.Next(Type.Length, damaged.Length - 1)] = spice[random.Next(spice.Length)];
            if (random.Next(4) == 0)
                damaged = [.. damaged.AsSpan(0, random.Next(Type.Length, damaged.Length)), (byte)'\n'];
            var warm = new Ingested();
            warm.Scrape(whole, format);
            var cold = new Ingested { TimeMs = warm.TimeMs };
            Assert.Equal(cold.Scrape(damaged, format), warm.Scrape(damaged, format));
            Assert.Equal(Rows(cold), Rows(warm));
            Assert.Equal((cold.Counts.Scraped, cold.Counts.Kept), (warm.Counts.Scraped, warm.Counts.Kept));
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_samples_that_are_known()
    {
        // Whole numbers: without optimisation the runtime allocates for the parser's table of constants.
        string Exposition(int count) => "# HELP m help\n# TYPE m gauge\n"
            + string.Concat(Enumerable.Range(0, count).Select(i => $"m{{i=\"{i}\",path=\"/a/b\"}} {i}\n"));
        long few = Allocated(Exposition(10)), many = Allocated(Exposition(5000));
        Assert.InRange(many - few, -64, 64);
    }

    [Fact]
    public void An_entry_is_16_bytes() => Assert.Equal(16, System.Runtime.CompilerServices.Unsafe.SizeOf<CacheEntry>());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void Every_byte_length_and_seed_counts_in_the_hash(int length)
    {
        var random = new Random(length);
        byte[] text = new byte[length];
        random.NextBytes(text);
        var hash = new SeriesHash(42);
        var seen = new HashSet<ulong> { hash.Compute(text), new SeriesHash(43).Compute(text), hash.Compute([.. text, 0]) };
        for (int i = 0; i < length; i++)
        {
            text[i]++;
            seen.Add(hash.Compute(text));
            text[i]--;
        }

        Assert.Equal(3 + length, seen.Count);
    }

    private static long Allocated(string text)
    {
        byte[] body = Ingested.Body(text);
        var target = new Ingested();
        var storage = new NullStorage();
        var context = target.Context with { Storage = storage };
        var ingest = new Samples.ScrapeIngest(7, target.Metrics);
        Forethought.Storage.IAppender appender = storage.OpenAppender();
        for (int i = 1; i <= 3; i++)
            ingest.Append(context, ref appender, body, Exposition.ExpositionFormat.Text, i * 1000, i * 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(ingest.Append(context, ref appender, body, Exposition.ExpositionFormat.Text, 5000, 5000));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static List<(string Name, double Value, long? TimeMs)> Lines(Random random, List<string> names, long nowMs)
    {
        var lines = new List<(string, double, long?)>();
        foreach (string name in names.Take(random.Next(5, names.Count)))
        {
            // Odd names always have timestamps, so that no series mixes both.
            long? time = int.Parse(name, CultureInfo.InvariantCulture) % 5 == 1 ? nowMs - random.Next(1, 500) : null;
            lines.Add((name, random.Next(100), time));
            if (random.Next(15) == 0)
                lines.Add((name, random.Next(100), time + 1));
        }

        return lines;
    }

    private static string Text(Random random, List<(string Name, double Value, long? TimeMs)> lines)
    {
        var text = new StringBuilder();
        foreach ((string name, double value, long? time) in lines)
        {
            if (random.Next(6) == 0)
                text.Append("# HELP m").Append(name).Append(" text\n\n");
            string labels = random.Next(10) == 0 ? "{b=\"x\",a=\"1\"}" : "{a=\"1\",b=\"x\"}";
            if (name.EndsWith('7'))
                labels = "{d=\"y\"}";
            text.Append(CultureInfo.InvariantCulture, $"m{name}{labels} {value} {time}\n");
        }

        return text.ToString();
    }

    // Mostly the order of the last time, sometimes with two lines exchanged, seldom another order altogether.
    private static void Shuffle(Random random, List<string> names)
    {
        if (random.Next(20) == 0)
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(names));
        int a = random.Next(names.Count), b = random.Next(names.Count);
        if (random.Next(3) == 0)
            (names[a], names[b]) = (names[b], names[a]);
    }

    // Of the last scrape, and without the stale markers that only a warm cache can give.
    private static List<string> Rows(Ingested target) =>
        [.. LastOf(target).Where(line => !line.Contains(" stale@", StringComparison.Ordinal))];

    private static List<string> LastOf(Ingested target) =>
        [.. target.Storage.Lines().Where(line => line.EndsWith($"@{target.TimeMs}", StringComparison.Ordinal))];

    /// <summary>What upstream's rules store, by series name alone.</summary>
    private sealed class UncachedModel(bool tracksTimestamps)
    {
        private readonly SortedDictionary<string, List<(long TimeMs, double? Value)>> _samples = new(StringComparer.Ordinal);
        private HashSet<string> _tracked = [];

        public void Scrape(List<(string Name, double Value, long? TimeMs)> lines, long nowMs)
        {
            var tracked = new HashSet<string>();
            var seen = new HashSet<string>();
            foreach ((string name, double value, long? time) in lines)
            {
                bool isRepeated = !seen.Add(name);
                if (name.EndsWith('7') || (isRepeated && time is null))
                    continue;
                if (TryAdd(name, time ?? nowMs, value) && (time is null || tracksTimestamps))
                    tracked.Add(name);
            }

            foreach (string name in _tracked.Where(name => !tracked.Contains(name)))
                TryAdd(name, nowMs, null);
            _tracked = tracked;
        }

        public List<string> Last(long timeMs) => [.. All().Where(line => line.EndsWith($"@{timeMs}", StringComparison.Ordinal))];

        public List<string> All() =>
        [
            .. _samples.OrderBy(series => Labels.FromStrings("__name__", "m" + series.Key)).SelectMany(series => series.Value.Select(sample =>
                string.Create(CultureInfo.InvariantCulture, $"{{__name__=\"m{series.Key}\", a=\"1\", b=\"x\"}} {(object?)sample.Value ?? "stale"}@{sample.TimeMs}"))),
        ];

        // Equal samples at an equal time are accepted silently, as by the storage.
        private bool TryAdd(string name, long timeMs, double? value)
        {
            if (!_samples.TryGetValue(name, out List<(long TimeMs, double? Value)>? samples))
                _samples.Add(name, samples = []);
            if (samples.Count > 0 && timeMs <= samples[^1].TimeMs)
                return samples[^1] == (timeMs, value);
            samples.Add((timeMs, value));
            return true;
        }
    }
}
