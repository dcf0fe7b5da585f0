using Forethought.Configuration;
using Forethought.Model;
using Forethought.Scrape.Targets;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>
/// When a target is scraped, worked out apart from this code by upstream's formulas (scrape/target.go: hash and offset;
/// scrape/manager.go: setOffsetSeed): xxHash64 of the packed labels as 16 or more digits, FNV-1a 64 over that and the URL, XOR the seed, modulo the
/// interval.
/// </summary>
public sealed class TargetIdentityTests
{
    // FNV-1a 64 of the host's name and the external labels.
    private const ulong Seed = 10939780068502762254;

    private const string Node =
        "__address__=example.com:9100;__metrics_path__=/metrics;__scheme__=http;__scrape_interval__=15s;__scrape_timeout__=10s;instance=example.com:9100;job=node";
    private const string Probe =
        "__address__=10.0.0.7:443;__metrics_path__=/probe;__param_module=http_2xx;__scheme__=https;__scrape_interval__=1m;__scrape_timeout__=10s;instance=10.0.0.7:443;job=blackbox;zone=zürich";
    private const string Six =
        "__address__=[::1]:80;__metrics_path__=/m e;__scheme__=http;__scrape_interval__=30s;__scrape_timeout__=10s;instance=[::1]:80;job=six";

    [Theory]
    [InlineData(Node, "http://example.com:9100/metrics", 9235632901874560250, 3700265507264218755)]
    [InlineData(Probe, "https://10.0.0.7:443/probe?module=http_2xx", 321881456423173334, 6140880713628777443)]
    [InlineData(Six, "http://[::1]:80/m%20e", 10839711685285123145, 14813382552760846224)]
    public void A_target_is_known_by_its_labels_and_its_URL(string labels, string url, ulong labelsHash, ulong hash)
    {
        Target target = Make(labels);
        Assert.Equal((url, labelsHash, hash), (target.Url, target.Labels.Hash(), target.Hash));
    }

    [Fact]
    public void The_seed_is_that_of_host_and_external_labels() =>
        Assert.Equal(Seed, Fnv1a.Hash("prom-0.example.com" + Labels.FromStrings("replica", "a", "cluster", "eu")));

    // Nanoseconds since 1970, and from there to the next scrape.
    [Theory]
    [InlineData(Node, 15, 0, 10_959_868_301)]
    [InlineData(Node, 15, 1_767_225_600_123_456_700, 10_836_411_601)]
    [InlineData(Probe, 60, 0, 48_632_525_037)]
    [InlineData(Probe, 60, 1_767_225_600_123_456_700, 48_509_068_337)]
    [InlineData(Six, 30, 0, 10_880_313_502)]
    [InlineData(Six, 30, 1_767_225_600_123_456_700, 10_756_856_802)]
    public void The_offset_is_upstream_s(string labels, int intervalSeconds, long nowNs, long offsetNs)
    {
        long now = DateTime.UnixEpoch.Ticks + nowNs / TimeSpan.NanosecondsPerTick;
        TimeSpan offset = Make(labels).Offset(TimeSpan.FromSeconds(intervalSeconds), Seed, now);
        Assert.Equal(offsetNs / TimeSpan.NanosecondsPerTick, offset.Ticks);
    }

    [Fact]
    public void At_its_very_moment_a_target_is_next_due_an_interval_later()
    {
        // A seed equal to the hash puts the target at the beginning of the interval.
        Target target = Make(Node);
        TimeSpan interval = TimeSpan.FromSeconds(15);
        long midnight = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        Assert.Equal(interval, target.Offset(interval, target.Hash, midnight));
        Assert.Equal(TimeSpan.FromTicks(1), target.Offset(interval, target.Hash, midnight - 1));
        Assert.Equal(interval - TimeSpan.FromTicks(1), target.Offset(interval, target.Hash, midnight + 1));
    }

    [Theory]
    [InlineData("instance=other")]
    [InlineData("__address__=example.com:9101")]
    [InlineData("__scrape_timeout__=9s")]
    [InlineData("__param_x=y")]
    [InlineData("env=prod")]
    public void Any_label_makes_another_target(string label) => Assert.NotEqual(Make(Node).Hash, Make(Node + ";" + label).Hash);

    [Fact]
    public void Parameters_beyond_the_first_value_make_another_target_through_the_URL()
    {
        Labels labels = Parse(Node + ";__param_a=1");
        ulong Hash(params string[] values) => new Target(
            labels, new ScrapeConfiguration { Parameters = new([new("a", [.. values])]) }, Labels.Empty, Labels.Empty).Hash;
        Assert.NotEqual(Hash("1", "2"), Hash("1", "3"));
        // The label says what the first value is.
        Assert.Equal(Hash("0", "2"), Hash("1", "2"));
    }

    private static Target Make(string labels) => new(Parse(labels), new ScrapeConfiguration(), Labels.Empty, Labels.Empty);

    private static Labels Parse(string labels)
    {
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in labels.Split(';'))
            pairs[pair[..pair.IndexOf('=', StringComparison.Ordinal)]] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return Labels.FromStrings([.. pairs.SelectMany(pair => (string[])[pair.Key, pair.Value])]);
    }
}
