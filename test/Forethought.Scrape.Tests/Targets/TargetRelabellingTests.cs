using Forethought.Configuration;
using Forethought.Http;
using Forethought.Model;
using Forethought.Scrape.Targets;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>What relabelling may do to targets: everything but the meta labels is its to change (upstream's PopulateLabels).</summary>
public sealed class TargetRelabellingTests
{
    private static readonly ScrapeConfiguration Job = new()
    {
        JobName = "job",
        Scheme = "http",
        MetricsPath = "/metrics",
        ScrapeInterval = TimeSpan.FromSeconds(15),
        ScrapeTimeout = TimeSpan.FromSeconds(10),
        Parameters = new ValueMap<ValueList<string>>([new("module", ["default", "second"])]),
    };

    // The blackbox exporter's way: the address becomes a parameter, the exporter the address.
    [Fact]
    public void An_address_may_become_a_parameter()
    {
        Target target = Make(
            "__address__=https://example.org",
            new RelabelRule { SourceLabels = ["__address__"], TargetLabel = "__param_target" },
            new RelabelRule { SourceLabels = ["__param_target"], TargetLabel = "instance" },
            new RelabelRule { TargetLabel = "__address__", Replacement = "127.0.0.1:9115" },
            new RelabelRule { TargetLabel = "__metrics_path__", Replacement = "/probe" });
        Assert.Equal("http://127.0.0.1:9115/probe?module=default&module=second&target=https%3A%2F%2Fexample.org", target.Url);
        Assert.Equal("{instance=\"https://example.org\", job=\"job\"}", target.PublicLabels.ToString());
    }

    [Fact]
    public void Meta_labels_are_there_to_be_used_and_gone_afterwards()
    {
        Target target = Make(
            "__address__=a:1,__meta_zone=eu,__meta_other=x,__tmp_kept=y",
            new RelabelRule { SourceLabels = ["__meta_zone"], TargetLabel = "zone" });
        Assert.Equal("{instance=\"a:1\", job=\"job\", zone=\"eu\"}", target.PublicLabels.ToString());
        Assert.Equal(("", "", "y"), (target.Labels["__meta_zone"], target.Labels["__meta_other"], target.Labels["__tmp_kept"]));
    }

    [Fact]
    public void Meta_labels_do_not_make_another_target() =>
        Assert.Equal(Make("__address__=a:1,__meta_x=1").Hash, Make("__address__=a:1,__meta_x=2").Hash);

    [Fact]
    public void Scheme_path_interval_and_timeout_are_labels_too()
    {
        Target target = Make(
            "__address__=a:1",
            new RelabelRule { TargetLabel = "__scheme__", Replacement = "https" },
            new RelabelRule { TargetLabel = "__metrics_path__", Replacement = "/m" },
            new RelabelRule { TargetLabel = "__scrape_interval__", Replacement = "1m30s" },
            new RelabelRule { TargetLabel = "__scrape_timeout__", Replacement = "1m" },
            new RelabelRule { TargetLabel = "__param_module", Replacement = "other" });
        Assert.Equal("https://a:1/m?module=other&module=second", target.Url);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(1)), (target.Interval, target.Timeout));
    }

    [Theory]
    [InlineData("__address__", "no address")]
    [InlineData("__scrape_interval__", "error parsing scrape interval: empty duration string")]
    [InlineData("__scrape_timeout__", "error parsing scrape timeout: empty duration string")]
    public void What_a_target_cannot_do_without_must_not_be_dropped(string label, string error) => Assert.Equal(
        error,
        Assert.Throws<TargetException>(() => Make("__address__=a:1", new RelabelRule { Pattern = label, Action = RelabelAction.LabelDrop })).Message);

    [Fact]
    public void The_job_s_name_may_be_replaced_and_an_instance_is_kept()
    {
        Target target = Make(
            "__address__=a:1,instance=host,name=web",
            new RelabelRule { SourceLabels = ["name"], TargetLabel = "job" },
            new RelabelRule { Pattern = "name", Action = RelabelAction.LabelDrop });
        Assert.Equal("{instance=\"host\", job=\"web\"}", target.PublicLabels.ToString());
    }

    [Theory]
    [InlineData(RelabelAction.Keep, "a:1", true)]
    [InlineData(RelabelAction.Keep, "b:1", false)]
    [InlineData(RelabelAction.Drop, "a:1", false)]
    [InlineData(RelabelAction.Drop, "b:1", true)]
    public void Targets_are_kept_and_dropped_by_their_labels(RelabelAction action, string address, bool isKept)
    {
        var rule = new RelabelRule { SourceLabels = ["__address__"], Pattern = "a:.*", Action = action };
        Assert.Equal(isKept, !Labels($"__address__={address}", rule).IsEmpty);
    }

    // Shards of four servers: each target is kept by exactly one.
    [Fact]
    public void Hashmod_shares_targets_out()
    {
        for (int i = 0; i < 50; i++)
        {
            int kept = Enumerable.Range(0, 4).Count(shard => !Labels(
                $"__address__=host{i}:9100",
                new RelabelRule { SourceLabels = ["__address__"], TargetLabel = "__tmp_shard", Modulus = 4, Action = RelabelAction.HashMod },
                new RelabelRule { SourceLabels = ["__tmp_shard"], Pattern = $"{shard}", Action = RelabelAction.Keep }).IsEmpty);
            Assert.Equal(1, kept);
        }
    }

    private static Target Make(string discovered, params RelabelRule[] rules) => new(Labels(discovered, rules), Job, Model.Labels.Empty, Model.Labels.Empty);

    private static Labels Labels(string discovered, params RelabelRule[] rules) => TargetLabels.Make(
        new LabelsBuilder(), Job, new Relabeller(rules),
        Model.Labels.FromStrings([.. discovered.Split(',').SelectMany(pair => pair.Split('=', 2))]), Model.Labels.Empty);
}
