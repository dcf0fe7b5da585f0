using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void Counts_each_observation_in_every_bucket_that_reaches_it()
    {
        var registry = new MetricRegistry();
        Histogram histogram = registry.CreateHistogram("size_bytes", "Sizes.", new HistogramOptions { Buckets = [1, 2.5, 1e6] });
        foreach (double value in (double[])[0.5, 1, 1.0000001, 2.5, 1e6, 1e7, double.PositiveInfinity, -3])
            histogram.Observe(value);

        Assert.Equal(
            """
            # HELP size_bytes Sizes.
            # TYPE size_bytes histogram
            size_bytes_bucket{le="1"} 3
            size_bytes_bucket{le="2.5"} 5
            size_bytes_bucket{le="1e+06"} 6
            size_bytes_bucket{le="+Inf"} 8
            size_bytes_sum +Inf
            size_bytes_count 8

            """,
            registry.ToText());
        Assert.Equal(8, histogram.Count);
    }

    [Fact]
    public void Counts_NaN_in_the_last_bucket_alone()
    {
        var registry = new MetricRegistry();
        registry.CreateHistogram("h", "", new HistogramOptions { Buckets = [1] }).Observe(double.NaN);
        Assert.Contains("h_bucket{le=\"1\"} 0\nh_bucket{le=\"+Inf\"} 1\nh_sum NaN\nh_count 1\n", registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_the_bucket_that_a_scan_would_find()
    {
        var random = new Random(20);
        foreach (int count in (int[])[1, 2, 34, 35, 36, 37, 71, 200])
        {
            double[] bounds = [.. Enumerable.Range(0, count).Select(_ => Math.Round(random.NextDouble() * 1000, 2)).Distinct().Order()];
            var registry = new MetricRegistry();
            Histogram histogram = registry.CreateHistogram("h", "", new HistogramOptions { Buckets = bounds });
            double[] values = [.. Enumerable.Range(0, 500).Select(i => i % 3 == 0 ? bounds[i % bounds.Length] : random.NextDouble() * 1100)];
            foreach (double value in values)
                histogram.Observe(value);

            MetricWriter collected = registry.Gather();
            BucketCount[] expected = [.. bounds.Select(bound => new BucketCount(bound, (ulong)values.Count(value => value <= bound)))];
            Assert.Equal(expected, collected.Table.Buckets(collected.Table[0]).ToArray());
        }
    }

    [Fact]
    public void Drops_an_explicit_infinite_bound()
    {
        var registry = new MetricRegistry();
        registry.CreateHistogram("h", "", new HistogramOptions { Buckets = [1, double.PositiveInfinity] });
        Assert.Equal(2, registry.ToText().Split('\n').Count(line => line.StartsWith("h_bucket", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(new[] { 1.0, 3, 2 }, "histogram buckets must be in increasing order: 3.000000 >= 2.000000")]
    [InlineData(new[] { 1.0, 1 }, "histogram buckets must be in increasing order: 1.000000 >= 1.000000")]
    public void Rejects_bounds_that_do_not_increase(double[] bounds, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => new Histogram("h", "", new HistogramOptions { Buckets = bounds }));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Rejects_the_label_le()
    {
        var error = Assert.Throws<ArgumentException>(() => new HistogramFamily("h", "", ["le"]));
        Assert.Equal("\"le\" is not allowed as label name in histograms", error.Message);
    }

    [Fact]
    public void Has_the_default_buckets_of_the_other_client_libraries() =>
        Assert.Equal([.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10], HistogramBuckets.Default);

    [Fact]
    public void Makes_buckets_by_step_and_by_factor()
    {
        // The examples of client_golang's tests.
        Assert.Equal([-15, -10, -5, 0, 5, 10], HistogramBuckets.Linear(-15, 5, 6));
        Assert.Equal([100, 120, 144], HistogramBuckets.Exponential(100, 1.2, 3));
        Assert.Equal([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000], HistogramBuckets.ExponentialRange(1, 1e9, 10).Select(bound => Math.Round(bound)));
    }

    [Fact]
    public void Rejects_impossible_bucket_layouts()
    {
        AssertRejected("LinearBuckets needs a positive count", () => HistogramBuckets.Linear(1, 1, 0));
        AssertRejected("ExponentialBuckets needs a positive count", () => HistogramBuckets.Exponential(1, 2, 0));
        AssertRejected("ExponentialBuckets needs a positive start value", () => HistogramBuckets.Exponential(0, 2, 1));
        AssertRejected("ExponentialBuckets needs a factor greater than 1", () => HistogramBuckets.Exponential(1, 1, 1));
        AssertRejected("ExponentialBucketsRange count needs a positive count", () => HistogramBuckets.ExponentialRange(1, 2, 0));
        AssertRejected("ExponentialBucketsRange min needs to be greater than 0", () => HistogramBuckets.ExponentialRange(0, 2, 1));

        static void AssertRejected(string message, Action make) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Has_a_count_equal_to_its_buckets_while_others_observe()
    {
        var registry = new MetricRegistry();
        Histogram histogram = registry.CreateHistogram("h", "", new HistogramOptions { Buckets = [10, 20, 30] });
        bool done = false;
        Threads.Run(4, thread =>
        {
            if (thread == 0)
            {
                while (!Volatile.Read(ref done))
                    AssertConsistent(registry);
                return;
            }

            for (int i = 0; i < 60_000; i++)
                histogram.Observe(i % 40);
            Volatile.Write(ref done, true);
        });

        Assert.Equal(180_000, histogram.Count);
        Assert.Equal(3 * 1500 * Enumerable.Range(0, 40).Sum(), histogram.Sum);
        AssertConsistent(registry);

        static void AssertConsistent(MetricRegistry registry)
        {
            MetricWriter collected = registry.Gather();
            ulong previous = 0;
            foreach (BucketCount bucket in collected.Table.Buckets(collected.Table[0]))
            {
                Assert.True(bucket.CumulativeCount >= previous);
                previous = bucket.CumulativeCount;
            }

            Assert.True(collected.Table[0].Count >= previous);
            registry.Return(collected);
        }
    }

    [Fact]
    public void Does_not_allocate()
    {
        var histogram = new Histogram("h", "");
        Assert.Equal(0, Allocation.Of(() => histogram.Observe(0.3)));
    }

    [Fact]
    public void Shows_the_latest_exemplar_of_each_bucket()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(12345600));
        var registry = new MetricRegistry();
        Histogram histogram = registry.CreateHistogram(
            "request_seconds", "Requests.", new HistogramOptions { Buckets = [1, 2], Unit = "seconds", TimeProvider = clock });
        histogram.Observe(1.5, new ExemplarLabels(("id", "a")));
        histogram.Observe(1.75, new ExemplarLabels(("id", "b")));
        histogram.Observe(9, new ExemplarLabels(("id", "c")));

        Assert.Equal(
            """
            # HELP request_seconds Requests.
            # TYPE request_seconds histogram
            # UNIT request_seconds seconds
            request_seconds_bucket{le="1.0"} 0
            request_seconds_bucket{le="2.0"} 2 # {id="b"} 1.75 12345.6
            request_seconds_bucket{le="+Inf"} 3 # {id="c"} 9.0 12345.6
            request_seconds_sum 12.25
            request_seconds_count 3
            # EOF

            """,
            Written.OpenMetricsOf(registry));
    }

    [Fact]
    public void Rejects_exemplars_that_OpenMetrics_forbids()
    {
        Assert.Equal(
            "exemplar labels have 129 runes, exceeding the limit of 128",
            Assert.Throws<ArgumentException>(() => new ExemplarLabels(("k", new string('ü', 128)))).Message);
        Assert.Equal(
            "exemplar label name \"__id\" is invalid",
            Assert.Throws<ArgumentException>(() => new ExemplarLabels(("__id", "1"))).Message);
        Assert.Throws<ArgumentException>(() => new ExemplarLabels(("id", "\uD800")));
        Assert.Single(new ExemplarLabels(("k", new string('ü', 127))).Labels);
    }
}
