using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class SummaryTests
{
    private static readonly QuantileObjective[] Objectives =
        [new(0.01, 0.001), new(0.05, 0.005), new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)];

    [Fact]
    public void Has_only_sum_and_count_without_objectives()
    {
        var registry = new MetricRegistry();
        Summary summary = registry.CreateSummary("wait_seconds", "Waiting.");
        summary.Observe(1.5);
        summary.Observe(-0.25);
        Assert.Equal(
            """
            # HELP wait_seconds Waiting.
            # TYPE wait_seconds summary
            wait_seconds_sum 1.25
            wait_seconds_count 2

            """,
            registry.ToText());
    }

    [Fact]
    public void Shows_NaN_for_quantiles_without_observations()
    {
        var registry = new MetricRegistry();
        registry.CreateSummary("s", "S.", new SummaryOptions { Objectives = [new(0.9, 0.01), new(0.5, 0.05)] });
        Assert.Contains("s{quantile=\"0.5\"} NaN\ns{quantile=\"0.9\"} NaN\ns_sum 0\ns_count 0\n", registry.ToText(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Distributions => ["uniform", "normal", "heavy tail", "rising", "falling", "few values", "two clusters"];

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Keeps_each_quantile_within_its_error_of_rank(string distribution)
    {
        var random = new Random(7);
        foreach (int count in (int[])[1, 2, 10, 255, 256, 257, 20_000, 50_001])
        {
            double[] values = [.. Enumerable.Range(0, count).Select(i => Draw(distribution, random, i))];
            var registry = new MetricRegistry();
            Summary summary = registry.CreateSummary("s", "", new SummaryOptions { Objectives = Objectives, TimeProvider = new FakeTimeProvider() });
            foreach (double value in values)
                summary.Observe(value);

            double[] sorted = [.. values.Order()];
            foreach (QuantileValue quantile in Quantiles(registry))
            {
                double error = Objectives.Single(objective => objective.Quantile == quantile.Quantile).Error;
                // As client_golang's tests bound it: the ranks one beyond the error on each side.
                int low = Math.Clamp((int)((quantile.Quantile - error) * count) - 1, 0, count - 1);
                int high = Math.Clamp((int)Math.Ceiling((quantile.Quantile + error) * count), 0, count - 1);
                Assert.InRange(quantile.Value, sorted[low], sorted[high]);
            }
        }
    }

    [Fact]
    public void Answers_the_ends_exactly()
    {
        var random = new Random(3);
        var registry = new MetricRegistry();
        Summary summary = registry.CreateSummary(
            "s", "", new SummaryOptions { Objectives = [new(0, 0), new(0.5, 0.05), new(1, 0)], TimeProvider = new FakeTimeProvider() });
        double[] values = [.. Enumerable.Range(0, 5000).Select(_ => random.NextDouble())];
        foreach (double value in values)
            summary.Observe(value);
        QuantileValue[] quantiles = Quantiles(registry);
        Assert.Equal(values.Min(), quantiles[0].Value);
        Assert.Equal(values.Max(), quantiles[2].Value);
    }

    [Fact]
    public void Forgets_in_quantiles_what_is_older_than_the_window()
    {
        var clock = new FakeTimeProvider();
        var registry = new MetricRegistry();
        Summary summary = registry.CreateSummary(
            "s", "", new SummaryOptions { Objectives = [new(0.99, 0.001)], MaxAge = TimeSpan.FromSeconds(100), AgeBuckets = 10, TimeProvider = clock });

        // The steps of client_golang's decay test: one observation each second; the oldest left is at most 100 s old.
        for (int second = 0; second < 1000; second++)
        {
            summary.Observe(second);
            clock.Advance(TimeSpan.FromSeconds(1));
            if (second % 10 == 9)
                Assert.InRange(Quantiles(registry)[0].Value, second - 10, second);
        }

        Assert.Equal(1000, summary.Count);
        clock.Advance(TimeSpan.FromSeconds(101));
        Assert.True(double.IsNaN(Quantiles(registry)[0].Value));
        Assert.Equal(1000, summary.Count);
        Assert.Equal(499_500, summary.Sum);
    }

    [Fact]
    public void Keeps_an_observation_for_most_of_the_window()
    {
        var clock = new FakeTimeProvider();
        var registry = new MetricRegistry();
        Summary summary = registry.CreateSummary("s", "", new SummaryOptions { Objectives = [new(0.5, 0.05)], TimeProvider = clock });
        summary.Observe(42);
        clock.Advance(TimeSpan.FromMinutes(8));
        Assert.Equal(42, Quantiles(registry)[0].Value);
        clock.Advance(TimeSpan.FromMinutes(2.1));
        Assert.True(double.IsNaN(Quantiles(registry)[0].Value));
    }

    [Fact]
    public void Recovers_after_a_long_silence()
    {
        var clock = new FakeTimeProvider();
        var registry = new MetricRegistry();
        Summary summary = registry.CreateSummary("s", "", new SummaryOptions { Objectives = [new(0.5, 0.05)], TimeProvider = clock });
        summary.Observe(1);
        clock.Advance(TimeSpan.FromDays(400));
        summary.Observe(2);
        Assert.Equal(2, Quantiles(registry)[0].Value);
    }

    [Fact]
    public void Loses_no_concurrent_observation()
    {
        var registry = new MetricRegistry();
        Summary summary = registry.CreateSummary("s", "", new SummaryOptions { Objectives = [new(0, 0), new(0.5, 0.01), new(1, 0)], TimeProvider = new FakeTimeProvider() });
        const int PerThread = 30_000;
        Threads.Run(4, thread =>
        {
            for (int i = 0; i < PerThread; i++)
            {
                summary.Observe((i * 4) + thread);
                if (thread == 0 && i % 1000 == 0)
                    Quantiles(registry);
            }
        });

        const int Total = 4 * PerThread;
        Assert.Equal(Total, summary.Count);
        Assert.Equal((long)Total * (Total - 1) / 2, summary.Sum);
        QuantileValue[] quantiles = Quantiles(registry);
        Assert.Equal(0, quantiles[0].Value);
        Assert.InRange(quantiles[1].Value, 0.49 * Total, 0.51 * Total);
        Assert.Equal(Total - 1, quantiles[2].Value);
    }

    [Fact]
    public void Ignores_NaN_in_quantiles()
    {
        var registry = new MetricRegistry();
        Summary summary = registry.CreateSummary("s", "", new SummaryOptions { Objectives = [new(0.5, 0.05)], TimeProvider = new FakeTimeProvider() });
        summary.Observe(double.NaN);
        summary.Observe(3);
        Assert.Equal(3, Quantiles(registry)[0].Value);
        Assert.True(double.IsNaN(summary.Sum));
        Assert.Equal(2, summary.Count);
    }

    [Fact]
    public void Does_not_allocate()
    {
        var plain = new Summary("a", "");
        var quantiles = new Summary("b", "", new SummaryOptions { Objectives = Objectives });
        Assert.Equal(0, Allocation.Of(() =>
        {
            plain.Observe(1);
            for (int i = 0; i < 1000; i++)
                quantiles.Observe(i);
        }));
    }

    [Fact]
    public void Needs_little_memory_for_many_observations()
    {
        var random = new Random(1);
        var batch = new double[256];
        QuantileSketch sketch = Fill(random, batch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill(random, batch);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(sketch);

        // Half a million observations would be 4 MB; the sketch needs some hundred entries of 24 bytes, with all its growing on the way.
        Assert.InRange(allocated, 1, 64 * 1024);

        static QuantileSketch Fill(Random random, double[] batch)
        {
            var sketch = new QuantileSketch(Objectives);
            for (int i = 0; i < 2000; i++)
            {
                for (int j = 0; j < batch.Length; j++)
                    batch[j] = random.NextDouble();
                batch.AsSpan().Sort();
                sketch.Insert(batch);
            }

            return sketch;
        }
    }

    [Fact]
    public void Rejects_what_it_cannot_do()
    {
        Assert.Equal("\"quantile\" is not allowed as label name in summaries", Message(() => new SummaryFamily("s", "", ["quantile"])));
        Assert.StartsWith("illegal max age MaxAge=", Message(() => new Summary("s", "", new SummaryOptions { MaxAge = TimeSpan.Zero })), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Summary("s", "", new SummaryOptions { AgeBuckets = 0 }));
        Assert.Throws<ArgumentException>(() => new Summary("s", "", new SummaryOptions { Objectives = [new(1.1, 0.1)] }));
        Assert.Throws<ArgumentException>(() => new Summary("s", "", new SummaryOptions { Objectives = [new(0.5, 0)] }));
        Assert.Throws<ArgumentException>(() => new Summary("s", "", new SummaryOptions { Objectives = [new(double.NaN, 0.1)] }));

        static string Message(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;
    }

    private static double Draw(string distribution, Random random, int index) => distribution switch
    {
        "uniform" => random.NextDouble(),
        "normal" => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()),
        "heavy tail" => Math.Pow(1 - random.NextDouble(), -2),
        "rising" => index,
        "falling" => -index,
        "few values" => random.Next(4),
        _ => random.Next(10) == 0 ? 1000 + random.NextDouble() : random.NextDouble(),
    };

    private static QuantileValue[] Quantiles(MetricRegistry registry)
    {
        MetricWriter collected = registry.Gather();
        QuantileValue[] quantiles = collected.Table.Quantiles(collected.Table[0]).ToArray();
        registry.Return(collected);
        return quantiles;
    }
}
