using Forethought.Testing;

namespace Forethought.Configuration.Tests;

public sealed class WriterTests
{
    // Prometheus 3.5.3 prints these labels so for the same configuration (/api/v1/status/config).
    [Fact]
    public void Quotes_and_folds_text_as_upstream_does()
    {
        string printed = Print("""
            global:
              external_labels:
                a10: "1"
                a9: "true"
                zz: "multi word value that is really long and goes on and on beyond the eighty columns limit of the emitter, yes"
                quote: "it's # fine: yes"
                hash: "a #b"
                num: "0x10"
                t: "12:30"
                date: "2001-01-01"
                nl: "line1\nline2"
                tab: "a\tb"
                star: "*x"
                lead: " x"
                dash: "- x"
                uni: "grüße ☃ 😀"
                "key with space": x
                "1:2": y
            """);
        Assert.Contains(
            """
              external_labels:
                "1:2": "y"
                a9: "true"
                a10: "1"
                dash: '- x'
                date: "2001-01-01"
                hash: 'a #b'
                key with space: x
                lead: ' x'
                nl: |-
                  line1
                  line2
                num: "0x10"
                quote: 'it''s # fine: yes'
                star: '*x'
                t: "12:30"
                tab: "a\tb"
                uni: "grüße ☃ \U0001F600"
                zz: multi word value that is really long and goes on and on beyond the eighty
                  columns limit of the emitter, yes

            """,
            printed,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Prints_sections_in_upstreams_order_with_defaults_filled_in()
    {
        string printed = Print("""
            scrape_configs:
            - job_name: "a: b"
              relabel_configs:
              - source_labels: [__address__, b]
                regex: '[^:]+: (.*)'
                replacement: "{x}"
                target_label: foo
              dns_sd_configs: [{names: [n]}]
              static_configs: [{targets: [x:1], labels: {k: "yes"}}]
            """);
        Assert.EndsWith(
            """
            scrape_configs:
            - job_name: 'a: b'
              honor_timestamps: true
              track_timestamps_staleness: false
              scrape_interval: 1m
              scrape_timeout: 10s
              scrape_protocols:
              - OpenMetricsText1.0.0
              - OpenMetricsText0.0.1
              - PrometheusText1.0.0
              - PrometheusText0.0.4
              scrape_native_histograms: false
              always_scrape_classic_histograms: false
              convert_classic_histograms_to_nhcb: false
              metrics_path: /metrics
              scheme: http
              enable_compression: true
              metric_name_validation_scheme: utf8
              metric_name_escaping_scheme: allow-utf-8
              extra_scrape_metrics: false
              follow_redirects: true
              enable_http2: true
              relabel_configs:
              - source_labels: [__address__, b]
                separator: ;
                regex: '[^:]+: (.*)'
                target_label: foo
                replacement: '{x}'
                action: replace
              dns_sd_configs:
              - names:
                - "n"
                refresh_interval: 30s
                type: SRV
                port: 0
              static_configs:
              - targets:
                - x:1
                labels:
                  k: "yes"
            storage:
              tsdb:
                outofordertimewindow: 0
            otlp:
              translation_strategy: UnderscoreEscapingWithSuffixes
              label_name_underscore_sanitization: true
              label_name_preserve_multiple_underscores: true

            """,
            printed,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_secrets_and_passwords_in_urls()
    {
        string printed = Print("""
            scrape_configs:
            - job_name: a
              basic_auth: {username: u, password: hunter2}
              proxy_url: http://u:hunter2@proxy
              consul_sd_configs: [{token: hunter2}]
            """);
        Assert.DoesNotContain("hunter2", printed, StringComparison.Ordinal);
        Assert.Contains("    password: <secret>\n", printed, StringComparison.Ordinal);
        Assert.Contains("  proxy_url: http://u:xxxxx@proxy\n", printed, StringComparison.Ordinal);
    }

    // The count is that of upstream's TestElideSecrets for this file.
    [Fact]
    public void Masks_all_secrets_of_upstreams_large_file()
    {
        string printed = ConfigurationWriter.Write(ConfigurationLoader.Load(Conformance.Path("config/conf.good.yml")));
        Assert.DoesNotContain("mysecret", printed, StringComparison.Ordinal);
        Assert.Equal(29, printed.Split("<secret>").Length - 1);
    }

    [Fact]
    public void What_is_printed_loads_as_the_same_configuration()
    {
        PrometheusConfiguration original = ConfigurationLoader.Load(Conformance.Path("config/roundtrip.good.yml"));
        PrometheusConfiguration reloaded = LoaderTests.Load(ConfigurationWriter.Write(original));
        Assert.Equal(original with { UnsupportedSettings = [] }, reloaded with { UnsupportedSettings = [] });
    }

    private static string Print(string text) => ConfigurationWriter.Write(LoaderTests.Load(text));
}
