using Forethought.Client;
using Forethought.Configuration;
using Forethought.Logging;
using Forethought.Server;
using Forethought.Testing;
using Microsoft.Extensions.Logging;

namespace Forethought.Tests.Server;

/// <summary>A setting without a feature behind it is never taken in silence.</summary>
public sealed class MissingSettingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Settings() => [.. MissingFeatures.Settings];

    // A path that is mistyped in the list would never be found.
    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_path_in_the_list_is_found_where_it_is_set(string path)
    {
        string[] sides = path.Split('=');
        string text = sides.Length > 1 ? sides[1] : "1";
        foreach (string key in sides[0].Split('.').Reverse())
        {
            string name = key.Replace("[]", "", StringComparison.Ordinal);
            text = key.EndsWith("[]", StringComparison.Ordinal) ? $"{{{name}: [{text}]}}" : $"{{{name}: {text}}}";
        }

        text = text.Replace("[{", "[{job_name: a, ", StringComparison.Ordinal);
        try
        {
            PrometheusConfiguration loaded = Load(text);
            Assert.Contains(path, loaded.UnsupportedSettings.Select(setting => setting.Path));
        }
        catch (ConfigurationException error)
        {
            // The key is there, only the value made up here is not to its liking.
            Assert.DoesNotContain("not found in type", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_is_logged_once_with_its_place_whenever_the_configuration_is_applied()
    {
        string file = _directory.File("prometheus.yml");
        File.WriteAllText(file, "global:\n  query_log_file: q.log\nruntime:\n  gogc: 50\n");
        using var log = new StringWriter();
        using var loggers = new ConsoleLoggerFactory(log, LogFormat.Logfmt, LogLevel.Warning, new FakeTimeProvider());
        var holder = new ConfigurationHolder(file, new ConfigurationOptions { UnsupportedSettings = MissingFeatures.Settings });
        using var reloader = new Reloader(holder, [], new ReloadMetrics(new MetricRegistry()), loggers.CreateLogger("a"), TimeProvider.System);
        await reloader.ApplyFirstAsync();
        string[] lines = log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.EndsWith(
            $"msg=\"A setting of the configuration has no effect: its feature is not part of this version\" setting=global.query_log_file file={file} line=2",
            lines[0], StringComparison.Ordinal);
        Assert.EndsWith($" setting=runtime.gogc file={file} line=4", lines[1], StringComparison.Ordinal);
        await reloader.ReloadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void The_configuration_that_prometheus_comes_with_asks_for_alerts_only()
    {
        PrometheusConfiguration loaded = Load("""
            global:
              scrape_interval: 15s
              evaluation_interval: 15s
            alerting:
              alertmanagers:
                - static_configs:
                    - targets:
                      # - alertmanager:9093
            rule_files:
              # - "first_rules.yml"
            scrape_configs:
              - job_name: "prometheus"
                static_configs:
                  - targets: ["localhost:9090"]
                    labels:
                      app: "prometheus"
            """);
        Assert.Equal(["alerting"], loaded.UnsupportedSettings.Select(setting => setting.Path));
    }

    private static PrometheusConfiguration Load(string text) => ConfigurationLoader.LoadText(
        System.Text.Encoding.UTF8.GetBytes(text), new ConfigurationOptions { UnsupportedSettings = MissingFeatures.Settings });
}
