using System.Buffers;
using System.Text;
using Forethought.Testing;

namespace Forethought.Client.Tests;

/// <summary>Expected text: the examples of the reference implementation's own encoder tests, and of the formats' documents.</summary>
public sealed class ExpositionWriterTests
{
    [Fact]
    public void Writes_the_text_format_with_its_escapes()
    {
        string text = Written.Text(writer =>
        {
            writer.BeginFamily("name"u8, MetricType.Counter, "two-line\n doc  str\\ing");
            writer.Sample("", double.NaN, ("labelname", "val1"), ("basename", "basevalue"));
            writer.Sample("", .23, 1234567890, ("labelname", "val2"), ("basename", "basevalue"));
            writer.BeginFamily("gauge_name"u8, MetricType.Gauge, "gauge\ndoc\nstr\"ing");
            writer.Sample("", double.PositiveInfinity, ("name_1", "val with\nnew line"), ("name_2", "val with \\backslash and \"quotes\""));
            writer.Sample("", 3.14e42, ("name_1", "Björn"), ("name_2", "佖佥"));
            writer.BeginFamily("untyped_name"u8, MetricType.Untyped, unit: "seconds");
            writer.Sample("", double.NegativeInfinity);
            writer.Sample("", -1.23e-45, ("name_1", "value 1"));
        });
        Assert.Equal(
            """
            # HELP name two-line\n doc  str\\ing
            # TYPE name counter
            name{labelname="val1",basename="basevalue"} NaN
            name{labelname="val2",basename="basevalue"} 0.23 1234567890
            # HELP gauge_name gauge\ndoc\nstr"ing
            # TYPE gauge_name gauge
            gauge_name{name_1="val with\nnew line",name_2="val with \\backslash and \"quotes\""} +Inf
            gauge_name{name_1="Björn",name_2="佖佥"} 3.14e+42
            # TYPE untyped_name untyped
            untyped_name -Inf
            untyped_name{name_1="value 1"} -1.23e-45

            """,
            text);
    }

    [Fact]
    public void Writes_names_outside_the_old_pattern_in_quotes_and_braces()
    {
        string text = Written.Text(writer =>
        {
            writer.BeginFamily(Written.Utf8("gauge.name\""), MetricType.Gauge, "boring \"help\"");
            writer.Sample("", double.PositiveInfinity, ("name.1", "val with\nnew line"), ("name*2", "val with \\backslash and \"quotes\""));
            writer.Sample("", 3.14e42, ("ok", "1"), ("name*2", "佖佥"));
            writer.Sample("_sum", 1);
        });
        Assert.Equal(
            """
            # HELP "gauge.name\"" boring "help"
            # TYPE "gauge.name\"" gauge
            {"gauge.name\"","name.1"="val with\nnew line","name*2"="val with \\backslash and \"quotes\""} +Inf
            {"gauge.name\"",ok="1","name*2"="佖佥"} 3.14e+42
            {"gauge.name\"_sum"} 1

            """,
            text);
    }

    [Fact]
    public void Writes_OpenMetrics_with_its_escapes_and_number_forms()
    {
        string text = Written.OpenMetrics(writer =>
        {
            writer.BeginFamily("name"u8, MetricType.Counter, "two-line\n doc  str\\ing");
            writer.Sample("", 42, ("labelname", "val1"), ("basename", "basevalue"));
            writer.Sample("", .23, 1234567890, ("labelname", "val2"), ("basename", "basevalue"));
            writer.BeginFamily("name.with.dots"u8, MetricType.Counter, "boring help");
            writer.Sample("", 42, ("labelname", "val1"));
            writer.Sample("", .23, 1234567890);
            writer.BeginFamily("gauge_name"u8, MetricType.Gauge, "gauge\ndoc\nstr\"ing");
            writer.Sample("", double.PositiveInfinity, ("name_1", "val with\nnew line"));
            writer.BeginFamily("unknown_name"u8, MetricType.Untyped);
            writer.Sample("", double.NegativeInfinity);
            writer.Sample("", -1.23e-45, ("name_1", "value 1"));
        });
        Assert.Equal(
            """
            # HELP name two-line\n doc  str\\ing
            # TYPE name unknown
            name{labelname="val1",basename="basevalue"} 42.0
            name{labelname="val2",basename="basevalue"} 0.23 1.23456789e+06
            # HELP "name.with.dots" boring help
            # TYPE "name.with.dots" unknown
            {"name.with.dots",labelname="val1"} 42.0
            {"name.with.dots"} 0.23 1.23456789e+06
            # HELP gauge_name gauge\ndoc\nstr\"ing
            # TYPE gauge_name gauge
            gauge_name{name_1="val with\nnew line"} +Inf
            # TYPE unknown_name unknown
            unknown_name -Inf
            unknown_name{name_1="value 1"} -1.23e-45
            # EOF

            """,
            text);
    }

    [Fact]
    public void Describes_an_OpenMetrics_counter_without_its_suffix()
    {
        string text = Written.OpenMetrics(writer =>
        {
            writer.BeginFamily("foos_seconds_total"u8, MetricType.Counter, "Number of foos.", "seconds");
            writer.Sample("", 42);
            writer.BeginCreatedSample();
            writer.EndSample(12345.6);
        });
        Assert.Equal(
            """
            # HELP foos_seconds Number of foos.
            # TYPE foos_seconds counter
            # UNIT foos_seconds seconds
            foos_seconds_total 42.0
            foos_seconds_created 12345.6
            # EOF

            """,
            text);
    }

    [Fact]
    public void Writes_counts_bounds_and_exemplars()
    {
        var dated = new Exemplar(new ExemplarLabels(("foo", "bar")), 119.9, DateTimeOffset.FromUnixTimeMilliseconds(12345600));
        var undated = new Exemplar(new ExemplarLabels(("foo", "baz"), ("di.ngs", "bums\"")), 140.14, null);
        void Write(ExpositionWriter writer)
        {
            writer.BeginFamily("request_duration_microseconds"u8, MetricType.GaugeHistogram, "The response latency.", "microseconds");
            foreach ((double bound, ulong count, Exemplar? exemplar) in ((double, ulong, Exemplar?)[])
                     [(100, 123, null), (120, 412, dated), (172.8, 1524, undated), (double.PositiveInfinity, 2693, new Exemplar(new ExemplarLabels(), 1, null))])
            {
                writer.BeginSample("_bucket"u8);
                writer.Label("le"u8, bound);
                writer.EndSample(count, exemplar: exemplar);
            }

            writer.Sample("_sum", 1756047.3);
            writer.BeginSample("_count"u8);
            writer.EndSample(12345678UL, 1000);
        }

        Assert.Equal(
            """
            # HELP request_duration_microseconds The response latency.
            # TYPE request_duration_microseconds gaugehistogram
            # UNIT request_duration_microseconds microseconds
            request_duration_microseconds_bucket{le="100.0"} 123
            request_duration_microseconds_bucket{le="120.0"} 412 # {foo="bar"} 119.9 12345.6
            request_duration_microseconds_bucket{le="172.8"} 1524 # {foo="baz","di.ngs"="bums\""} 140.14
            request_duration_microseconds_bucket{le="+Inf"} 2693
            request_duration_microseconds_sum 1.7560473e+06
            request_duration_microseconds_count 12345678 1.0
            # EOF

            """,
            Written.OpenMetrics(Write));
        Assert.Equal(
            """
            # HELP request_duration_microseconds The response latency.
            # TYPE request_duration_microseconds histogram
            request_duration_microseconds_bucket{le="100"} 123
            request_duration_microseconds_bucket{le="120"} 412
            request_duration_microseconds_bucket{le="172.8"} 1524
            request_duration_microseconds_bucket{le="+Inf"} 2693
            request_duration_microseconds_sum 1.7560473e+06
            request_duration_microseconds_count 1.2345678e+07 1000

            """,
            Written.Text(Write));
    }

    [Theory]
    [InlineData(1, "1", "1.0")]
    [InlineData(0, "0", "0.0")]
    [InlineData(-0.0, "0", "0.0")]
    [InlineData(-1, "-1", "-1.0")]
    [InlineData(100000, "100000", "100000.0")]
    [InlineData(1000000, "1e+06", "1e+06")]
    [InlineData(123456789, "1.23456789e+08", "1.23456789e+08")]
    [InlineData(0.0001, "0.0001", "0.0001")]
    [InlineData(0.00001, "1e-05", "1e-05")]
    [InlineData(-4.35, "-4.35", "-4.35")]
    [InlineData(1e300, "1e+300", "1e+300")]
    [InlineData(double.Epsilon, "5e-324", "5e-324")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308", "1.7976931348623157e+308")]
    [InlineData(double.MinValue, "-1.7976931348623157e+308", "-1.7976931348623157e+308")]
    [InlineData(18446744073709551615.0, "1.8446744073709552e+19", "1.8446744073709552e+19")]
    public void Writes_numbers_in_the_form_of_Go(double value, string text, string openMetrics)
    {
        void Write(ExpositionWriter writer)
        {
            writer.BeginFamily("m"u8, MetricType.Gauge);
            writer.Sample("", value);
        }

        Assert.Equal($"# TYPE m gauge\nm {text}\n", Written.Text(Write));
        Assert.Equal($"# TYPE m gauge\nm {openMetrics}\n# EOF\n", Written.OpenMetrics(Write));
    }

    [Fact]
    public void Writes_every_golden_number()
    {
        foreach (string[] row in Conformance.Tsv("golden/float_format.tsv"))
        {
            double value = BitConverter.UInt64BitsToDouble(Convert.ToUInt64(row[0], 16));
            string expected = value == 0 ? "0" : row[5];
            string line = Written.Text(writer =>
            {
                writer.BeginFamily("m"u8, MetricType.Gauge);
                writer.Sample("", value);
            });
            Assert.Equal($"# TYPE m gauge\nm {expected}\n", line);

            string labelled = Written.OpenMetrics(writer =>
            {
                writer.BeginFamily("m"u8, MetricType.Histogram);
                writer.BeginSample("_bucket"u8);
                writer.Label("le"u8, value);
                writer.EndSample(1UL);
            });
            Assert.Equal($"# TYPE m histogram\nm_bucket{{le=\"{(row[4] == "=" ? row[5] : row[4])}\"}} 1\n# EOF\n", labelled);
        }
    }

    // The table of the reference's TestEscapeName, apart from names that it escapes although they fit: there the families' names
    // are looked at first, and left alone if they fit.
    [Theory]
    [InlineData("no:escaping_required", "no:escaping_required", "no:escaping_required", "no:escaping_required")]
    [InlineData("mysystem.prod.west.cpu.load", "mysystem_prod_west_cpu_load", "mysystem_dot_prod_dot_west_dot_cpu_dot_load", "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load")]
    [InlineData("mysystem.prod.west.cpu.load_total", "mysystem_prod_west_cpu_load_total", "mysystem_dot_prod_dot_west_dot_cpu_dot_load__total", "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total")]
    [InlineData("http.status:sum", "http_status:sum", "http_dot_status:sum", "U__http_2e_status:sum")]
    [InlineData("label with 😱", "label_with__", "label__with____", "U__label_20_with_20__1f631_")]
    [InlineData("花火", "__", "____", "U___82b1__706b_")]
    [InlineData("label with \u0100", "label_with__", "label__with____", "U__label_20_with_20__100_")]
    [InlineData("1st", "_st", "__st", "U___31_st")]
    public void Escapes_names_by_each_scheme(string name, string underscores, string dots, string values)
    {
        AssertEscaped(NameEscapingScheme.Underscores, underscores);
        AssertEscaped(NameEscapingScheme.Dots, dots);
        AssertEscaped(NameEscapingScheme.Values, values);

        void AssertEscaped(NameEscapingScheme scheme, string expected) =>
            Assert.Equal(
                $"# HELP {expected} Help.\n# TYPE {expected} gauge\n{expected}_sum{{{expected}=\"{name}\"}} 7\n",
                Written.Text(
                    writer =>
                    {
                        writer.BeginFamily(Written.Utf8(name), MetricType.Gauge, "Help.");
                        writer.Sample("_sum", 7, (name, name));
                    },
                    scheme));
    }

    [Fact]
    public void Escapes_invalid_UTF8_as_the_replacement_character()
    {
        string text = Written.Text(
            writer =>
            {
                writer.BeginFamily([(byte)'a', 0xff, (byte)'b'], MetricType.Gauge);
                writer.Sample("", 1);
            },
            NameEscapingScheme.Values);
        Assert.Equal("# TYPE U__a_fffd_b gauge\nU__a_fffd_b 1\n", text);
    }

    [Fact]
    public void Writes_label_values_given_as_bytes_like_strings()
    {
        string value = "a\\b\"c\nd😱";
        Assert.Equal(Line(writer => writer.Label("l"u8, value)), Line(writer => writer.Label("l"u8, Written.Utf8(value))));

        static string Line(Action<ExpositionWriter> label) => Written.Text(writer =>
        {
            writer.BeginFamily("m"u8, MetricType.Untyped);
            writer.BeginSample();
            label(writer);
            writer.EndSample(1);
        });
    }

    [Fact]
    public void Does_not_depend_on_the_sizes_the_output_hands_out()
    {
        string longValue = new('x', 100_000);
        string manyQuotes = new('"', 50_000);
        void Write(ExpositionWriter writer)
        {
            writer.BeginFamily("m"u8, MetricType.Gauge, longValue + "\n" + manyQuotes);
            for (int i = 0; i < 3000; i++)
                writer.Sample("", i * 1.5, i, ("a", "short"), ("b", i % 1000 == 0 ? longValue : "\n"), ("c", i % 1500 == 0 ? manyQuotes : ""));
        }

        var tiny = new TinyOutput();
        using (var writer = new ExpositionWriter(tiny, ExpositionFormat.Get(ExpositionKind.Text, NameEscapingScheme.Underscores)))
        {
            Write(writer);
            writer.Complete();
        }

        string whole = Written.Text(Write);
        Assert.Equal(3002 + 1, whole.Split('\n').Length);
        Assert.Equal(whole, System.Text.Encoding.UTF8.GetString(tiny.Bytes.ToArray()));
    }

#if !DEBUG // Code that is never optimized allocates for its spans over constants.
    [Fact]
    public void Does_not_allocate_for_names_that_fit()
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        using var writer = new ExpositionWriter(output, ExpositionFormat.Get(ExpositionKind.OpenMetrics, NameEscapingScheme.Underscores));
        Assert.Equal(0, Allocation.Of(() =>
        {
            writer.BeginFamily("requests_total"u8, MetricType.Counter, "Requests.", "");
            for (int i = 0; i < 100; i++)
            {
                writer.BeginSample();
                writer.Label("path"u8, "/with \"quotes\"");
                writer.Label("le"u8, i / 7.0);
                writer.EndSample(i * 1.1, 123456789012);
            }

            writer.Flush();
            output.ResetWrittenCount();
        }));
    }
#endif

    [Fact]
    public void Refuses_to_be_used_after_it_is_disposed()
    {
        var writer = new ExpositionWriter(new ArrayBufferWriter<byte>(), ExpositionFormat.Get(ExpositionKind.Text, NameEscapingScheme.Underscores));
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.BeginFamily("m"u8, MetricType.Gauge));
    }

    /// <summary>Hands out as little memory as it may.</summary>
    private sealed class TinyOutput : IBufferWriter<byte>
    {
        private byte[] _handedOut = [];

        public List<byte> Bytes { get; } = [];

        public void Advance(int count) => Bytes.AddRange(_handedOut.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _handedOut = new byte[Math.Max(sizeHint, 7)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
