using Forethought.Testing;

namespace Forethought.Configuration.Tests;

/// <summary>What is set without effect is found wherever YAML lets it be written.</summary>
public sealed class UnsupportedSettingTests
{
    private static readonly string[] Paths =
    [
        "remote_write", "tracing", "runtime.gogc", "global.query_log_file", "global.scrape_native_histograms",
        "storage.tsdb.out_of_order_time_window", "storage.tsdb.chunk_encoding.floats=xor2", "storage.tsdb.retention.size", "storage.exemplars.max_exemplars",
        "storage.tsdb.retention.percentage", "scrape_configs[].scrape_failure_log_file", "scrape_configs[].kubernetes_sd_configs",
        "scrape_configs[].scrape_protocols[]=PrometheusProto",
    ];

    [Fact]
    public void Are_found_at_every_depth_with_their_lines_in_the_order_of_the_document() => Assert.Equal(
        [
            "2 global.query_log_file", "5 storage.tsdb.out_of_order_time_window", "7 scrape_configs[].kubernetes_sd_configs",
            "10 scrape_configs[].scrape_protocols[]=PrometheusProto", "11 scrape_configs[].scrape_failure_log_file", "12 remote_write",
        ],
        Find("""
            global:
              query_log_file: q.log
            storage:
              tsdb:
                out_of_order_time_window: 5m
            scrape_configs:
            - {job_name: a, kubernetes_sd_configs: [{role: pod}], static_configs: []}
            - job_name: b
              scrape_protocols: [PrometheusText0.0.4,
                PrometheusProto]
              scrape_failure_log_file: f.log
            remote_write:
            - url: http://h/
            """));

    [Theory]
    [InlineData("tracing:")]
    [InlineData("remote_write: []")]
    [InlineData("remote_write: ~")]
    [InlineData("global: {query_log_file: ''}")]
    [InlineData("global: {scrape_native_histograms: false}")]
    [InlineData("global: {scrape_native_histograms: off}")]
    [InlineData("storage: {tsdb: {out_of_order_time_window: 0s}}")]
    [InlineData("storage: {tsdb: {out_of_order_time_window: 0}}")]
    [InlineData("storage: {tsdb: {retention: {size: 0B, percentage: 0.0}}}")]
    [InlineData("storage: {tsdb: {chunk_encoding: {floats: xor}}}")]
    [InlineData("storage: {exemplars: {}}")]
    [InlineData("scrape_configs: [{job_name: a, scrape_failure_log_file: }]")]
    [InlineData("scrape_configs: [{job_name: a, kubernetes_sd_configs: []}]")]
    [InlineData("scrape_configs: [{job_name: a, scrape_protocols: [PrometheusText0.0.4]}]")]
    public void Are_not_reported_when_they_ask_for_nothing(string text) => Assert.Empty(Find(text));

    [Theory]
    [InlineData("runtime: {gogc: 50}", "1 runtime.gogc")]
    [InlineData("global: {scrape_native_histograms: yes}", "1 global.scrape_native_histograms")]
    [InlineData("storage: {tsdb: {chunk_encoding: {floats: xor2}}}", "1 storage.tsdb.chunk_encoding.floats=xor2")]
    [InlineData("storage: {tsdb: {retention: {size: 1GB}}}", "1 storage.tsdb.retention.size")]
    [InlineData("storage: {tsdb: {retention: {percentage: 0.5}}}", "1 storage.tsdb.retention.percentage")]
    [InlineData("storage: {exemplars: {max_exemplars: 0x10}}", "1 storage.exemplars.max_exemplars")]
    public void Are_reported_with_any_other_value(string text, string found) => Assert.Equal([found], Find(text));

    [Fact]
    public void Are_found_behind_aliases_and_merge_keys_once_a_place() => Assert.Equal(
        ["1 scrape_configs[].scrape_failure_log_file", "4 scrape_configs[].kubernetes_sd_configs"],
        Find("""
            scrape_configs: [&a {job_name: a, scrape_failure_log_file: f.log},
              {<<: *a, job_name: b},
              {<<: [{job_name: x}, *a], job_name: c, scrape_failure_log_file: ''},
              {job_name: d, kubernetes_sd_configs: &k [{role: pod}]},
              {job_name: e}]
            """));

    // The search follows what the decoder has bounded: ten levels of ten merges each are refused before it begins.
    [Fact]
    public void Are_not_looked_for_in_merges_that_expand_without_end()
    {
        var text = new System.Text.StringBuilder("scrape_configs:\n- &a0 {job_name: a0, scrape_failure_log_file: f}\n");
        for (int level = 1; level <= 10; level++)
        {
            string merged = string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10));
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"- &a{level} {{<<: [{merged}], job_name: a{level}}}\n");
        }

        Assert.Equal(
            "yaml: document contains excessive aliasing", Assert.Throws<ConfigurationException>(() => Find(text.ToString()).ToList()).Message);
    }

    [Fact]
    public void Are_found_in_files_of_scrape_configurations()
    {
        using var directory = new TemporaryDirectory();
        string more = directory.File("more.yml"), main = directory.File("prometheus.yml");
        File.WriteAllText(more, "scrape_configs:\n- job_name: b\n  scrape_failure_log_file: f\n");
        File.WriteAllText(main, "scrape_config_files: [more.yml]\n");
        PrometheusConfiguration configuration = ConfigurationLoader.Load(main, new ConfigurationOptions { UnsupportedSettings = Paths });
        Assert.Empty(configuration.UnsupportedSettings);
        Assert.Equal(
            [new UnsupportedSetting("scrape_configs[].scrape_failure_log_file", more, 3)],
            ScrapeConfigurationFiles.Load(configuration, Paths).UnsupportedSettings);
    }

    private static IEnumerable<string> Find(string text) =>
        LoaderTests.Load(text, new ConfigurationOptions { UnsupportedSettings = Paths }).UnsupportedSettings.Select(setting => $"{setting.Line} {setting.Path}");
}
