using Forethought.Configuration;
using Forethought.Http;
using Forethought.Model;
using Forethought.Scrape.Targets;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class TargetLabelsTests
{
    private static readonly ScrapeConfiguration Job = new()
    {
        JobName = "job",
        Scheme = "https",
        MetricsPath = "/metrics",
        ScrapeInterval = TimeSpan.FromSeconds(1),
        ScrapeTimeout = TimeSpan.FromSeconds(1),
    };

    // Cases of upstream's TestPopulateLabels (scrape/manager_test.go).
    [Theory]
    [InlineData("__address__=1.2.3.4:1000,custom=value", "__address__=1.2.3.4:1000,custom=value,instance=1.2.3.4:1000,job=job,__scheme__=https")]
    [InlineData("__address__=1.2.3.4,__scheme__=http,__metrics_path__=/custom,job=custom-job,__scrape_interval__=2s,__scrape_timeout__=2s",
        "__address__=1.2.3.4,__scheme__=http,__metrics_path__=/custom,job=custom-job,instance=1.2.3.4,__scrape_interval__=2s")]
    [InlineData("__address__=[::1],instance=custom-instance", "__address__=[::1],instance=custom-instance")]
    [InlineData("__address__=a:80,__meta_x=y,__keep=z", "__keep=z,__meta_x=")]
    public void Completes_what_was_discovered(string discovered, string expected)
    {
        Labels made = TargetLabels.Make(new LabelsBuilder(), Job, Relabeller.None, Parse(discovered), Labels.Empty);
        foreach (string label in expected.Split(','))
            Assert.Equal(label[(label.IndexOf('=', StringComparison.Ordinal) + 1)..], made[label[..label.IndexOf('=', StringComparison.Ordinal)]]);
    }

    [Theory]
    [InlineData("custom=value", "no address")]
    [InlineData("__address__=a/b", "\"a/b\" is not a valid hostname")]
    [InlineData("__address__=a,__scrape_interval__=2notseconds", "error parsing scrape interval: unknown unit \"notseconds\" in duration \"2notseconds\"")]
    [InlineData("__address__=a,__scrape_timeout__=2notseconds", "error parsing scrape timeout: unknown unit \"notseconds\" in duration \"2notseconds\"")]
    [InlineData("__address__=a,__scrape_interval__=0s", "scrape interval cannot be 0")]
    [InlineData("__address__=a,__scrape_timeout__=0s", "scrape timeout cannot be 0")]
    [InlineData("__address__=a,__scrape_interval__=1s,__scrape_timeout__=2s", "scrape timeout cannot be greater than scrape interval (\"2s\" > \"1s\")")]
    [InlineData("__address__=a,__scrape_native_histograms__=maybe",
        "error parsing scrape native histograms: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    public void Refuses_what_makes_no_target(string discovered, string error) => Assert.Equal(
        error,
        Assert.Throws<TargetException>(() => TargetLabels.Make(new LabelsBuilder(), Job, Relabeller.None, Parse(discovered), Labels.Empty)).Message);

    [Fact]
    public void Refuses_values_that_are_not_utf8()
    {
        var builder = new LabelsBuilder();
        builder.Append("__address__"u8, "a"u8);
        builder.Append("custom"u8, [0xbd]);
        Labels own = builder.ToLabels();
        TargetException error = Assert.Throws<TargetException>(() => TargetLabels.Make(builder, Job, Relabeller.None, own, Labels.Empty));
        Assert.Equal("invalid label value for \"custom\": \"\\xbd\"", error.Message);
    }

    [Fact]
    public void The_target_s_own_labels_win_over_the_group_s()
    {
        Labels made = TargetLabels.Make(new LabelsBuilder(), Job, Relabeller.None, Parse("__address__=a,x=own"), Parse("x=group,y=group"));
        Assert.Equal(("own", "group"), (made["x"], made["y"]));
    }

    [Fact]
    public void Relabelling_may_drop_a_target()
    {
        var drop = new Relabeller([new RelabelRule { SourceLabels = ["x"], Pattern = "1", Action = RelabelAction.Drop }]);
        Assert.True(TargetLabels.Make(new LabelsBuilder(), Job, drop, Parse("__address__=a,x=1"), Labels.Empty).IsEmpty);
    }

    // Upstream's TestTargetURL (scrape/target_test.go), and Go's rules of escaping.
    [Theory]
    [InlineData("__scheme__=https,__address__=example.com:1234,__metrics_path__=/metricz,__param_abc=overwrite,__param_cde=huu",
        "https://example.com:1234/metricz?abc=overwrite&abc=bar&abc=baz&cde=huu&xyz=hoo")]
    [InlineData("__scheme__=http,__address__=a:1,__metrics_path__=metrics?x y,__param_abc=v w&x,__param_xyz=é",
        "http://a:1/metrics%3Fx%20y?abc=v+w%26x&abc=bar&abc=baz&xyz=%C3%A9")]
    public void Builds_the_URL(string labels, string url)
    {
        var parameters = new ValueMap<ValueList<string>>([new("abc", ["foo", "bar", "baz"]), new("xyz", ["hoo"])]);
        Assert.Equal(url, TargetUrl.Build(Parse(labels), parameters));
    }

    // Published test vectors of FNV-1a (isthe.com/chongo/tech/comp/fnv).
    [Theory]
    [InlineData("", 0xcbf29ce484222325)]
    [InlineData("a", 0xaf63dc4c8601ec8c)]
    [InlineData("foobar", 0x85944171f73967e8)]
    public void Hashes_by_FNV_1a(string text, ulong hash) => Assert.Equal(hash, Fnv1a.Hash(text));

    // As upstream's TestTargetOffset: within the interval, and evenly spread.
    [Fact]
    public void Offsets_spread_over_the_interval_and_stay_where_they_are()
    {
        TimeSpan interval = TimeSpan.FromSeconds(10);
        int[] buckets = new int[10];
        for (int i = 0; i < 10_000; i++)
        {
            var target = new Target(Parse($"__scheme__=http,__address__=example.com:80,label={i}"), Job, Labels.Empty, Labels.Empty);
            long now = new DateTime(2026, 1, 1, 0, 0, i % 60, DateTimeKind.Utc).Ticks;
            TimeSpan offset = target.Offset(interval, 7, now);
            Assert.InRange(offset, TimeSpan.Zero, interval);
            buckets[(int)(offset.TotalSeconds + now / TimeSpan.TicksPerSecond % 10) % 10]++;
            Assert.Equal((now + offset.Ticks) % interval.Ticks, (now + 12345 + target.Offset(interval, 7, now + 12345).Ticks) % interval.Ticks);
        }

        Assert.All(buckets, count => Assert.InRange(count, 850, 1150));
    }

    // Prometheus 3.5.3 on a host called "localhost" scraped this target at 1311 ms of each 3 s: when it should and its timer's delay.
    [Fact]
    public void A_target_is_scraped_at_the_moment_at_which_Prometheus_scrapes_it()
    {
        Labels labels = Labels.FromStrings(
            "__address__", "127.0.0.1:19198", "__metrics_path__", "/metrics", "__param_a", "x y", "__param_b", "c", "__scheme__", "http",
            "__scrape_interval__", "3s", "__scrape_timeout__", "2s", "env", "prod", "instance", "127.0.0.1:19198", "job", "self");
        var job = new ScrapeConfiguration { Parameters = new ValueMap<ValueList<string>>([new("a", ["x y", "z&"]), new("b", ["c"])]) };
        ulong seed = Fnv1a.Hash("localhost" + Labels.FromStrings("cluster", "eu \"1\"", "replica", "b"));
        TimeSpan offset = new Target(labels, job, Labels.Empty, Labels.Empty).Offset(TimeSpan.FromSeconds(3), seed, DateTime.UnixEpoch.Ticks);
        Assert.InRange(1311 - offset.TotalMilliseconds, 0, 20);
    }

    private static Labels Parse(string text) =>
        Labels.FromStrings([.. text.Split(',').SelectMany(pair => pair.Split('=', 2))]);
}
