using System.Globalization;
using Forethought.Configuration;
using Forethought.Model;
using Forethought.Testing;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>
/// Random targets over random sequences of scrapes: series appear, vanish, come back, change places, repeat, carry timestamps; scrapes
/// fail, break off, run over the limit. After each scrape everything that is stored and every figure of the report must be the model's.
/// </summary>
public sealed class ScrapeSequenceTests
{
    private const int Series = 30;

    private static readonly Labels Target = Labels.FromStrings("job", "tj");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_sequence_of_scrapes_stores_what_the_model_says(int seed)
    {
        Random random = Fuzz.Random(seed);
        ScrapeConfiguration job = Job(seed);
        var target = new Ingested(job, target: Target);
        var model = new ScrapeModel(job);
        int[] order = [.. Enumerable.Range(0, Series)];
        for (int scrape = Fuzz.Rounds(50); scrape > 0; scrape--)
        {
            Disturb(random, order);
            (List<ExposedLine> lines, bool isCut) = Expose(random, job, order, target.TimeMs + 1000);
            string? error = target.Scrape(string.Concat(lines.Select(line => line.Line)) + (isCut ? "!\n" : ""));
            model.Scrape(lines, isCut, target.TimeMs);
            Assert.Equal(isCut, error is not null and not "sample limit exceeded");
            Assert.Equal(
                (model.Scraped, model.Kept, model.SeriesAdded, model.Duplicates),
                (target.Counts.Scraped, target.Counts.Kept, target.Counts.SeriesAdded, target.Counts.Duplicates));
            Assert.Equal(Latest(model.Lines(), target.TimeMs), Latest(target.Storage.Lines(), target.TimeMs));
        }

        Assert.Equal(model.Lines(), target.Storage.Lines());
    }

    private static ScrapeConfiguration Job(int seed) => new()
    {
        HonorLabels = seed % 2 == 0,
        HonorTimestamps = seed % 3 != 0,
        TrackTimestampsStaleness = seed % 4 < 2,
        SampleLimit = seed % 4 == 3 ? 18UL : 0,
        MetricRelabelRules = [new RelabelRule { SourceLabels = ["drop"], Pattern = "yes", Action = RelabelAction.Drop }],
    };

    // Mostly the order of the last time, sometimes with two series exchanged, seldom another altogether.
    private static void Disturb(Random random, int[] order)
    {
        if (random.Next(25) == 0)
            random.Shuffle(order);
        if (random.Next(3) == 0)
        {
            int a = random.Next(order.Length), b = random.Next(order.Length);
            (order[a], order[b]) = (order[b], order[a]);
        }
    }

    private static (List<ExposedLine> Lines, bool IsCut) Expose(Random random, ScrapeConfiguration job, int[] order, long nowMs)
    {
        var lines = new List<ExposedLine>();
        int kind = random.Next(10);
        if (kind == 0)
            return (lines, false);
        int missing = random.Next(Series);
        foreach (int series in order)
        {
            if (series == missing || (series % 5 == 4 && random.Next(3) == 0))
                continue;
            ExposedLine line = Line(random, job, series, nowMs);
            lines.Add(line);
            if (random.Next(20) == 0)
                lines.Add(line with { Value = random.Next(50), TimeMs = line.TimeMs + 1 });
        }

        bool isCut = kind == 1;
        return (isCut ? lines[..random.Next(1, lines.Count)] : lines, isCut);
    }

    private static ExposedLine Line(Random random, ScrapeConfiguration job, int series, long nowMs)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"m{series}");
        double value = random.Next(50);
        // Times of one series always grow; whether it has any stays as it is.
        long? time = series % 6 == 1 ? nowMs - random.Next(2, 900) : null;
        return (series % 7) switch
        {
            2 => new ExposedLine(name + "{drop=\"yes\"}", null, value, time),
            3 => new ExposedLine(name + "{job=\"own\"}", $"__name__={name}," + (job.HonorLabels ? "job=own" : "job=tj,exported_job=own"), value, time),
            // The same series in other words is another line to the cache.
            4 when random.Next(4) == 0 => new ExposedLine(name + "{b=\"2\",a=\"1\"}", $"__name__={name},a=1,b=2,job=tj", value, time),
            4 => new ExposedLine(name + "{a=\"1\",b=\"2\"}", $"__name__={name},a=1,b=2,job=tj", value, time),
            _ => new ExposedLine(name, $"__name__={name},job=tj", value, time),
        };
    }

    private static List<string> Latest(List<string> lines, long timeMs) =>
        [.. lines.Where(line => long.Parse(line.AsSpan(line.LastIndexOf('@') + 1), CultureInfo.InvariantCulture) > timeMs - 1000)];
}
