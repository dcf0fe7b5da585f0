using Forethought.Testing;

namespace Forethought.Client.Tests;

public sealed class MetricRegistryTests
{
    private readonly MetricRegistry _registry = new();

    [Fact]
    public void Exposes_families_by_name_whatever_the_order_of_registration()
    {
        _registry.CreateGauge("b_level", "B.").Set(2);
        _registry.CreateCounter("c_total", "C.").Add(3);
        _registry.CreateCounter("a_total", "A.").Inc();
        Assert.Equal(
            """
            # HELP a_total A.
            # TYPE a_total counter
            a_total 1
            # HELP b_level B.
            # TYPE b_level gauge
            b_level 2
            # HELP c_total C.
            # TYPE c_total counter
            c_total 3

            """,
            _registry.ToText());
    }

    [Fact]
    public void Refuses_the_same_metric_twice()
    {
        Counter first = _registry.CreateCounter("a_total", "A.");
        var error = Assert.Throws<AlreadyRegisteredException>(() => _registry.CreateCounter("a_total", "A."));
        Assert.Equal("duplicate metrics collector registration attempted", error.Message);
        Assert.Same(first, error.Existing);
        Assert.Throws<AlreadyRegisteredException>(() => _registry.Register(first));
    }

    [Fact]
    public void Gives_back_the_registered_one_where_wanted()
    {
        CounterFamily first = _registry.RegisterOrGet(new CounterFamily("a_total", "A.", ["x"]));
        Assert.Same(first, _registry.RegisterOrGet(new CounterFamily("a_total", "A.", ["x"])));
        Assert.Throws<MetricRegistrationException>(() => _registry.RegisterOrGet(new GaugeFamily("a_total", "A.", ["x"])));
        _registry.CreateCounterFunc("f_total", "F.", () => 1);
        Assert.Throws<AlreadyRegisteredException>(() => _registry.RegisterOrGet(new Counter("f_total", "F.")));
    }

    [Fact]
    public void Refuses_a_name_with_other_labels_or_help()
    {
        _registry.CreateCounterFamily("a_total", "A.", ["x"]);
        AssertInconsistent(() => _registry.CreateCounterFamily("a_total", "A.", ["y"]), "A.", "{}", "{y}");
        AssertInconsistent(() => _registry.CreateCounterFamily("a_total", "Other.", ["x"]), "Other.", "{}", "{x}");
        AssertInconsistent(() => _registry.CreateCounter("a_total", "A."), "A.", "{}", "{}");
        AssertInconsistent(() => _registry.CreateCounter("a_total", "A.", Constant("x", "1")), "A.", "{x=\"1\"}", "{}");

        static void AssertInconsistent(Action register, string help, string constantLabels, string variableLabels) =>
            Assert.Equal(
                "a previously registered descriptor with the same fully-qualified name as "
                + $"Desc{{fqName: \"a_total\", help: \"{help}\", unit: \"\", constLabels: {constantLabels}, variableLabels: {variableLabels}}} "
                + "has different label names or a different help string",
                Assert.Throws<MetricRegistrationException>(register).Message);
    }

    [Fact]
    public void Lets_collectors_share_a_name_with_different_constant_values()
    {
        _registry.CreateCounter("a_total", "A.", Constant("part", "y")).Add(2);
        _registry.CreateCounter("a_total", "A.", Constant("part", "x")).Add(1);
        Assert.Equal(
            """
            # HELP a_total A.
            # TYPE a_total counter
            a_total{part="x"} 1
            a_total{part="y"} 2

            """,
            _registry.ToText());
    }

    [Fact]
    public void Refuses_a_collector_that_has_one_descriptor_of_another()
    {
        var a = new MetricDescriptor("a", "A.", MetricType.Gauge);
        var b = new MetricDescriptor("b", "B.", MetricType.Gauge);
        _registry.Register(new TestCollector([a], _ => { }));
        Assert.Equal(
            $"descriptor {a} already exists with the same fully-qualified name and const label values",
            Assert.Throws<MetricRegistrationException>(() => _registry.Register(new TestCollector([b, a], _ => { }))).Message);

        // A refused collector leaves nothing behind.
        _registry.Register(new TestCollector([b], _ => { }));
    }

    [Fact]
    public void Refuses_a_collector_that_contradicts_itself()
    {
        var one = new MetricDescriptor("a", "A.", MetricType.Gauge, ["x"]);
        var other = new MetricDescriptor("a", "A.", MetricType.Gauge, ["y"], new Dictionary<string, string> { ["z"] = "1" });
        Assert.Equal(
            $"descriptors reported by collector have inconsistent label names or help strings for the same fully-qualified name, offender is {other}",
            Assert.Throws<MetricRegistrationException>(() => _registry.Register(new TestCollector([one, other], _ => { }))).Message);
    }

    [Fact]
    public void Refuses_names_that_a_summary_or_histogram_takes()
    {
        _registry.CreateSummary("s", "S.");
        AssertRefused("collected metric named \"s_count\" collides with previously collected summary named \"s\"", () => _registry.CreateCounter("s_count", ""));
        AssertRefused("collected metric named \"s_sum\" collides with previously collected summary named \"s\"", () => _registry.CreateCounter("s_sum", ""));
        _registry.CreateCounter("s_bucket", "");

        _registry.CreateHistogram("h", "H.");
        AssertRefused("collected metric named \"h_bucket\" collides with previously collected histogram named \"h\"", () => _registry.CreateCounter("h_bucket", ""));

        _registry.CreateCounter("x_sum", "");
        AssertRefused("collected histogram or summary named \"x\" collides with previously collected metric named \"x_sum\"", () => _registry.CreateSummary("x", ""));
        _registry.CreateCounter("y_bucket", "");
        AssertRefused("collected histogram named \"y\" collides with previously collected metric named \"y_bucket\"", () => _registry.CreateHistogram("y", ""));
        _registry.CreateSummary("y", "");

        static void AssertRefused(string message, Action register) =>
            Assert.Equal(message, Assert.Throws<MetricRegistrationException>(register).Message);
    }

    [Fact]
    public void Forgets_an_unregistered_collector_but_not_what_its_name_means()
    {
        Counter counter = _registry.CreateCounter("a_total", "A.");
        Assert.True(_registry.Unregister(new Counter("a_total", "A.")));
        Assert.False(_registry.Unregister(counter));
        Assert.Equal("", _registry.ToText());
        Assert.Throws<MetricRegistrationException>(() => _registry.CreateCounter("a_total", "Something else."));
        _registry.CreateCounter("a_total", "A.");
    }

    [Fact]
    public void Collects_several_families_from_one_collector_in_any_order()
    {
        var gauge = new MetricDescriptor("z_gauge", "Z.", MetricType.Gauge, ["b", "a"]);
        var summary = new MetricDescriptor("a_summary", "A.", MetricType.Summary);
        var histogram = new MetricDescriptor("m_histogram", "M.", MetricType.Histogram, ["k"]);
        var untyped = new MetricDescriptor("u", "U.", MetricType.Untyped);
        _registry.Register(new TestCollector([gauge, summary, histogram, untyped], writer =>
        {
            writer.Write(gauge, 1, "2", "x");
            writer.WriteHistogram(histogram, 9, 4.5, [new(1, 3), new(2, 5)], "v");
            writer.Write(gauge, 2, "1", "y");
            writer.Write(gauge, 3, "1", "x");
            writer.WriteSummary(summary, 2, 3.5, [new(0.5, 1), new(0.9, 2)]);
            writer.Write(untyped, double.NaN);
        }));
        Assert.Equal(
            """
            # HELP a_summary A.
            # TYPE a_summary summary
            a_summary{quantile="0.5"} 1
            a_summary{quantile="0.9"} 2
            a_summary_sum 3.5
            a_summary_count 2
            # HELP m_histogram M.
            # TYPE m_histogram histogram
            m_histogram_bucket{k="v",le="1"} 3
            m_histogram_bucket{k="v",le="2"} 5
            m_histogram_bucket{k="v",le="+Inf"} 9
            m_histogram_sum{k="v"} 4.5
            m_histogram_count{k="v"} 9
            # HELP u U.
            # TYPE u untyped
            u NaN
            # HELP z_gauge Z.
            # TYPE z_gauge gauge
            z_gauge{a="x",b="1"} 3
            z_gauge{a="x",b="2"} 1
            z_gauge{a="y",b="1"} 2

            """,
            _registry.ToText());
    }

    [Fact]
    public void Sorts_many_families_and_label_values()
    {
        var random = new Random(5);
        MetricDescriptor[] descriptors = [.. Enumerable.Range(0, 40).Select(i => new MetricDescriptor($"m{i}", "M.", MetricType.Gauge, ["l"]))];
        (MetricDescriptor, string)[] samples =
            [.. descriptors.SelectMany(descriptor => Enumerable.Range(0, 30).Select(i => (descriptor, $"v{i}"))).OrderBy(_ => random.Next())];
        _registry.Register(new TestCollector(descriptors, writer =>
        {
            foreach ((MetricDescriptor descriptor, string value) in samples)
                writer.Write(descriptor, 1, value);
        }));
        string[] lines = [.. _registry.ToText().Split('\n').Where(line => line.StartsWith('m'))];
        Assert.Equal(samples.OrderBy(s => s.Item1.Name, StringComparer.Ordinal).ThenBy(s => s.Item2, StringComparer.Ordinal).Select(s => $"{s.Item1.Name}{{l=\"{s.Item2}\"}} 1"), lines);
    }

    [Fact]
    public void Reports_a_failing_collector_and_recovers_with_it()
    {
        bool fail = true;
        _registry.CreateGauge("a", "A.");
        _registry.CreateGaugeFunc("broken", "B.", () => fail ? throw new InvalidOperationException("no value") : 1);
        var error = Assert.Throws<MetricGatherException>(_registry.ToText);
        Assert.Equal("collector GaugeFunc failed: no value", error.Message);
        fail = false;
        Assert.Contains("\nbroken 1\n", _registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_what_collectors_write_against_each_other()
    {
        var a = new MetricDescriptor("a", "A.", MetricType.Gauge, ["l"]);
        var otherHelp = new MetricDescriptor("a", "B.", MetricType.Gauge, ["l"]);
        var otherType = new MetricDescriptor("a", "A.", MetricType.Counter, ["l"]);
        _registry.Register(new TestCollector([], writer =>
        {
            writer.Write(a, 1, "x");
            writer.Write(a, 2, "x");
            writer.Write(otherHelp, 3, "y");
            writer.Write(otherType, 4, "z");
        }));
        var error = Assert.Throws<MetricGatherException>(_registry.ToText);
        Assert.Equal(
            "3 error(s) occurred:\n"
            + "* collected metric \"a\" { label:{name:\"l\" value:\"x\"} } was collected before with the same name and label values\n"
            + "* collected metric a label:{name:\"l\" value:\"y\"}  has help \"B.\" but should have \"A.\"\n"
            + "* collected metric a label:{name:\"l\" value:\"z\"}  should be a Gauge",
            error.Message);
        Assert.Equal(3, error.Errors.Count);
    }

    [Fact]
    public void Refuses_samples_that_do_not_fit_their_descriptor()
    {
        var gauge = new MetricDescriptor("g", "G.", MetricType.Gauge, ["l"]);
        var summary = new MetricDescriptor("s", "S.", MetricType.Summary);
        AssertFails("inconsistent label cardinality: expected 1 label values but got 0 in []string{}", writer => writer.Write(gauge, 1));
        AssertFails("collected metric s should be a Summary", writer => writer.Write(summary, 1));
        AssertFails("collected metric g should be a Gauge", writer => writer.WriteSummary(gauge, 1, 1, [], "v"));
        AssertFails("collected metric s should be a Summary", writer => writer.WriteHistogram(summary, 1, 1, []));

        void AssertFails(string message, Action<MetricWriter> write)
        {
            var registry = new MetricRegistry();
            registry.Register(new TestCollector([gauge, summary], write));
            Assert.Equal("collector TestCollector failed: " + message, Assert.Throws<MetricGatherException>(registry.ToText).Message);
        }
    }

    [Fact]
    public void Unregisters_a_collector_without_descriptors_by_itself()
    {
        var one = new TestCollector([], _ => { });
        var other = new TestCollector([], _ => { });
        _registry.Register(one);
        Assert.False(_registry.Unregister(other));
        Assert.True(_registry.Unregister(one));
        Assert.False(_registry.Unregister(one));
    }

    [Fact]
    public void Serves_scrapes_while_metrics_come_and_go()
    {
        Counter steady = _registry.CreateCounter("a_total", "A.");
        Threads.Run(4, thread =>
        {
            for (int i = 0; i < 300; i++)
            {
                if (thread < 2)
                {
                    Assert.Contains("a_total ", _registry.ToText(), StringComparison.Ordinal);
                    continue;
                }

                var mine = new GaugeFamily($"thread_{thread}_{i % 7}", "T.", ["l"]);
                _registry.Register(mine);
                mine.WithLabels("v").Set(i);
                steady.Inc();
                Assert.True(_registry.Unregister(mine));
            }
        });
        Assert.Equal($"# HELP a_total A.\n# TYPE a_total counter\na_total 600\n", _registry.ToText());
    }

#if !DEBUG // Code that is never optimized allocates for its spans over constants.
    [Fact]
    public void Collects_again_almost_without_allocating()
    {
        for (int i = 0; i < 50; i++)
        {
            _registry.CreateCounterFamily($"c{i}_total", "C.", ["l"]).WithLabels("x").Inc();
            _registry.CreateHistogram($"h{i}", "H.").Observe(1);
            _registry.CreateSummary($"s{i}", "S.", new SummaryOptions { Objectives = [new(0.5, 0.05)] }).Observe(1);
        }

        var output = new System.Buffers.ArrayBufferWriter<byte>(1 << 20);
        ExpositionFormat format = ExpositionFormat.Get(ExpositionKind.Text, NameEscapingScheme.Underscores);
        long allocated = Allocation.Of(() =>
        {
            output.ResetWrittenCount();
            _registry.Write(output, format);
        }, limit: 256);
        Assert.InRange(output.WrittenCount, 10_000, 1 << 20);
        Assert.InRange(allocated, 0, 256);
    }
#endif

    private static MetricOptions Constant(string name, string value) =>
        new() { ConstantLabels = new Dictionary<string, string> { [name] = value } };
}
