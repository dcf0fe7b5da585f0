using Forethought.Http;
using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Configuration.Tests;

public sealed class LoaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("global:\n")]
    [InlineData("~\n")]
    public void An_empty_configuration_has_the_defaults(string text)
    {
        PrometheusConfiguration configuration = Load(text);
        Assert.Equal(GlobalConfiguration.Default, configuration.Global);
        Assert.Equal(TimeSpan.FromMinutes(1), configuration.Global.ScrapeInterval);
        Assert.Equal(TimeSpan.FromSeconds(10), configuration.Global.ScrapeTimeout);
        Assert.Empty(configuration.ScrapeConfigurations);
        Assert.Null(configuration.Tracing);
        Assert.Equal("UnderscoreEscapingWithSuffixes", configuration.Otlp.TranslationStrategy);
    }

    [Fact]
    public void A_scrape_configuration_has_the_defaults()
    {
        ScrapeConfiguration scrape = Load("scrape_configs: [{job_name: a}]").ScrapeConfigurations[0];
        Assert.Equal(
            new ScrapeConfiguration
            {
                JobName = "a",
                HonorTimestamps = true,
                ScrapeInterval = TimeSpan.FromMinutes(1),
                ScrapeTimeout = TimeSpan.FromSeconds(10),
                Protocols = ["OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0", "PrometheusText0.0.4"],
                ScrapeNativeHistograms = false,
                AlwaysScrapeClassicHistograms = false,
                ConvertClassicHistogramsToNhcb = false,
                MetricsPath = "/metrics",
                Scheme = "http",
                EnableCompression = true,
                MetricNameValidation = NameValidation.Utf8,
                MetricNameEscaping = "allow-utf-8",
                ExtraScrapeMetrics = false,
                Http = new HttpClientSettings { FollowRedirects = true, EnableHttp2 = true },
            },
            scrape);
    }

    [Fact]
    public void A_scrape_configuration_inherits_from_global()
    {
        ScrapeConfiguration scrape = Load("""
            global:
              scrape_interval: 5s
              sample_limit: 7
              body_size_limit: 1MB
              scrape_native_histograms: true
              metric_name_validation_scheme: legacy
            scrape_configs:
            - job_name: a
            """).ScrapeConfigurations[0];
        Assert.Equal(TimeSpan.FromSeconds(5), scrape.ScrapeInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), scrape.ScrapeTimeout);
        Assert.Equal(7UL, scrape.SampleLimit);
        Assert.Equal(1 << 20, scrape.BodySizeLimit);
        Assert.Equal(ScrapeProtocols.ProtobufFirst, scrape.Protocols);
        Assert.Equal(NameValidation.Legacy, scrape.MetricNameValidation);
        Assert.Equal("underscores", scrape.MetricNameEscaping);
    }

    [Fact]
    public void Flags_change_defaults()
    {
        var options = new ConfigurationOptions
        {
            PreferProtobuf = true,
            ExtraScrapeMetrics = true,
            DefaultRetention = new RetentionConfiguration { Time = TimeSpan.FromDays(15) },
        };
        PrometheusConfiguration configuration = Load("scrape_configs: [{job_name: a}]", options);
        Assert.Equal(ScrapeProtocols.ProtobufFirst, configuration.ScrapeConfigurations[0].Protocols);
        Assert.True(configuration.ScrapeConfigurations[0].ExtraScrapeMetrics);
        Assert.Equal(TimeSpan.FromDays(15), configuration.Storage.Tsdb.Retention!.Time);
        Assert.Equal(TimeSpan.Zero, Load("storage: {tsdb: {retention: {size: 1GB}}}", options).Storage.Tsdb.Retention!.Time);
    }

    // Expected values: Go's os.Expand with upstream's mapping function.
    [Theory]
    [InlineData("$NAME", "value")]
    [InlineData("${NAME}", "value")]
    [InlineData("a$NAME.b", "avalue.b")]
    [InlineData("$NAMEX", "")]
    [InlineData("x$$NAME", "x$NAME")]
    [InlineData("x$", "x$")]
    [InlineData("x$ y", "x$ y")]
    [InlineData("x${NAME", "xNAME")]
    [InlineData("x${}", "x")]
    [InlineData("x$1y", "xy")]
    public void Expands_variables_in_external_labels(string value, string expanded)
    {
        var options = new ConfigurationOptions { Environment = static name => name == "NAME" ? "value" : null };
        Assert.Equal(expanded, Load($"global: {{external_labels: {{a: '{value}'}}}}", options).Global.ExternalLabels["a"]);
    }

    [Fact]
    public void Names_empty_variables()
    {
        var empty = new List<string>();
        Load("global: {external_labels: {a: '$X-${Y}'}}", new ConfigurationOptions { Environment = static _ => "", EmptyVariable = empty.Add });
        Assert.Equal(["X", "Y"], empty);
    }

    [Fact]
    public void Joins_relative_paths_to_the_directory_of_the_file()
    {
        using var directory = new TemporaryDirectory();
        string file = Write(directory, "prometheus.yml", """
            global: {query_log_file: query.log}
            rule_files: [rules/*.yml, /abs/x.yml]
            scrape_configs:
            - job_name: a
              tls_config: {ca_file: ../ca.pem}
              file_sd_configs: [{files: [targets/*.json]}]
              marathon_sd_configs: [{servers: [s], auth_token_file: token}]
            """);
        PrometheusConfiguration configuration = ConfigurationLoader.Load(file);
        string root = directory.Path;
        Assert.Equal($"{root}/query.log", configuration.Global.QueryLogFile);
        Assert.Equal([$"{root}/rules/*.yml", "/abs/x.yml"], configuration.RuleFiles);
        ScrapeConfiguration scrape = configuration.ScrapeConfigurations[0];
        Assert.Equal(Path.GetDirectoryName(root) + "/ca.pem", scrape.Http.Tls.CaFile);
        Assert.Equal([$"{root}/targets/*.json"], Assert.IsType<FileDiscoveryConfiguration>(scrape.Discovery[0]).Files);
        Assert.Equal($"{root}/token", Assert.IsType<GenericDiscoveryConfiguration>(scrape.Discovery[1]).Section.Text("auth_token_file"));
    }

    [Fact]
    public void Joins_all_static_configs_of_a_section_as_the_last_one()
    {
        ScrapeConfiguration scrape = Load("""
            scrape_configs:
            - job_name: a
              static_configs:
              - targets: [x:1]
              - targets: [y:1, z:1]
                labels: {k: v}
              http_sd_configs: [{url: 'http://h/'}]
              dns_sd_configs: [{names: [n]}]
            """).ScrapeConfigurations[0];
        Assert.Equal(["dns", "http", "static"], scrape.Discovery.Select(static section => section.Mechanism));
        var statics = Assert.IsType<StaticDiscoveryConfiguration>(scrape.Discovery[2]);
        Assert.Equal(
            [new StaticTargetGroup(["x:1"], ValueMap<string>.Empty), new StaticTargetGroup(["y:1", "z:1"], new ValueMap<string>([new("k", "v")]))],
            statics.Groups);
    }

    [Theory]
    [InlineData("alerting: {alertmanagers: [{static_configs: [{targets: [a]}]}]}", "alerting")]
    [InlineData("rule_files: [a]", "rule_files")]
    [InlineData("remote_read: [{url: 'http://h'}]", "remote_read")]
    public void An_agent_refuses_what_only_servers_do(string text, string key)
    {
        using var directory = new TemporaryDirectory();
        string file = Write(directory, "prometheus.yml", text);
        ConfigurationLoader.Load(file);
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(file, new ConfigurationOptions { AgentMode = true }));
        Assert.Equal($"field {key} is not allowed in agent mode", error.Message);
    }

    [Fact]
    public void Reads_further_scrape_configurations_from_files()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(directory.Path, "sub"));
        Write(directory, "sub/1.yml", "scrape_configs: [{job_name: b, scrape_interval: 2s, file_sd_configs: [{files: [x.json]}]}]");
        Write(directory, "sub/2.yml", "scrape_configs: [{job_name: c}]");
        string file = Write(directory, "prometheus.yml", "global: {scrape_interval: 9s}\nscrape_config_files: ['sub/*.yml']\nscrape_configs: [{job_name: a}]");
        ValueList<ScrapeConfiguration> all = ScrapeConfigurationFiles.Load(ConfigurationLoader.Load(file)).Jobs;
        Assert.Equal(["a", "b", "c"], all.Select(static scrape => scrape.JobName));
        Assert.Equal([9, 2, 9], all.Select(static scrape => scrape.ScrapeInterval.TotalSeconds));
        Assert.Equal([$"{directory.Path}/sub/x.json"], ((FileDiscoveryConfiguration)all[1].Discovery[0]).Files);
    }

    [Fact]
    public void Refuses_the_same_job_in_two_files_and_names_both()
    {
        using var directory = new TemporaryDirectory();
        string first = Write(directory, "1.yml", "scrape_configs: [{job_name: a}]");
        string second = Write(directory, "2.yml", "scrape_configs: [{job_name: a}]");
        PrometheusConfiguration configuration = ConfigurationLoader.Load(Write(directory, "prometheus.yml", "scrape_config_files: ['[12].yml']"));
        Assert.Equal(
            $"\"{second}\": found multiple scrape configs with job name \"a\", first found in \"{first}\"",
            Assert.Throws<ConfigurationException>(() => ScrapeConfigurationFiles.Load(configuration)).Message);
    }

    [Fact]
    public void Compares_configurations_by_content()
    {
        const string Text = """
            scrape_configs:
            - job_name: a
              relabel_configs: [{source_labels: [x, y], target_label: z}]
              kubernetes_sd_configs: [{role: pod, namespaces: {names: [n]}}]
              static_configs: [{targets: [a], labels: {k: v}}]
            """;
        Assert.Equal(Load(Text).ScrapeConfigurations, Load(Text).ScrapeConfigurations);
        Assert.NotEqual(Load(Text).ScrapeConfigurations, Load(Text.Replace("k: v", "k: w", StringComparison.Ordinal)).ScrapeConfigurations);
        Assert.NotEqual(Load(Text).ScrapeConfigurations, Load(Text.Replace("[n]", "[m]", StringComparison.Ordinal)).ScrapeConfigurations);
    }

    [Fact]
    public void Never_fails_in_any_other_way_than_with_its_own_exception()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes("""
            global: &g {scrape_interval: 15s, external_labels: {a: "b\u00e9", c: !!binary "/w=="}}
            x: [*g, 'it''s', >-
              folded]
            scrape_configs:
            - <<: {job_name: a}
              relabel_configs:
              - regex: (a|b)*
                source_labels: [__address__]
              static_configs:
              - targets: ["localhost:9090"]
            """);
        for (int cut = 0; cut <= text.Length; cut++)
        {
            LoadQuietly(text.AsSpan(0, cut));
        }

        const string Structure = "\n\t :-[]{}&*#'\"|>!%,?0ay";
        var random = new Random(1);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] mutated = [.. text];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                mutated[random.Next(mutated.Length)] = (byte)(random.Next(4) == 0 ? random.Next(256) : Structure[random.Next(Structure.Length)]);
            }

            LoadQuietly(mutated);
        }
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Survives_deep_nesting(string open, string close)
    {
        string text = "x: " + string.Concat(Enumerable.Repeat(open, 5_000)) + string.Concat(Enumerable.Repeat(close, 5_000));
        Assert.Equal("yaml: exceeded max depth of 256", Assert.Throws<ConfigurationException>(() => Load(text)).Message);
    }

    [Fact]
    public void Refuses_documents_whose_aliases_expand_without_end()
    {
        // Ten levels of ten references each: ten billion claims.
        var text = new System.Text.StringBuilder("remote_write:\n- url: http://h\n  oauth2:\n    claims:\n      a0: &a0 {x: y}\n");
        for (int level = 1; level <= 10; level++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"      a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        Assert.Equal("yaml: document contains excessive aliasing", Assert.Throws<ConfigurationException>(() => Load(text.ToString())).Message);
    }

    internal static PrometheusConfiguration Load(string text, ConfigurationOptions? options = null) =>
        ConfigurationLoader.LoadText(System.Text.Encoding.UTF8.GetBytes(text), options);

    private static void LoadQuietly(ReadOnlySpan<byte> text)
    {
        try
        {
            ConfigurationLoader.LoadText(text);
        }
        catch (ConfigurationException)
        {
            // Most of them are wrong.
        }
    }

    private static string Write(TemporaryDirectory directory, string name, string text)
    {
        string path = Path.Combine(directory.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
