using Forethought.Client;
using Forethought.Configuration;
using Forethought.Server;
using Forethought.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forethought.Tests.Server;

public sealed class ReloaderTests : IDisposable
{
    private const string Before = "global: {scrape_interval: 11s}\n";
    private const string After = "global: {scrape_interval: 12s}\n";

    private readonly TemporaryDirectory _directory = new();
    private readonly MetricRegistry _registry = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _events = [];
    private readonly string _file;

    public ReloaderTests()
    {
        _file = _directory.File("prometheus.yml");
        File.WriteAllText(_file, Before);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_part_prepares_before_any_switches()
    {
        var holder = new ConfigurationHolder(_file, ConfigurationOptions.Default);
        using Reloader reloader = Make(holder, Part("a"), Part("b"));
        File.WriteAllText(_file, After);
        await reloader.ReloadAsync(CancellationToken.None);
        Assert.Equal(["prepare a", "prepare b", "switch a", "switch b"], _events);
        Assert.Equal(TimeSpan.FromSeconds(12), holder.Current.Global.ScrapeInterval);
        Assert.Contains("prometheus_config_last_reload_successful 1\n", _registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_cannot_prepare_leaves_everything_as_it_was()
    {
        var holder = new ConfigurationHolder(_file, ConfigurationOptions.Default);
        using Reloader reloader = Make(holder, Part("a"), _ => throw new ConfigurationException("b says no"), Part("c"));
        File.WriteAllText(_file, After);
        ConfigurationException error = await Assert.ThrowsAsync<ConfigurationException>(() => reloader.ReloadAsync(CancellationToken.None));
        Assert.Equal($"couldn't load configuration (--config.file=\"{_file}\"): b says no", error.Message);
        Assert.Equal(["prepare a"], _events);
        Assert.Equal(TimeSpan.FromSeconds(11), holder.Current.Global.ScrapeInterval);
        Assert.Contains("prometheus_config_last_reload_successful 0\n", _registry.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("global: {", null)]
    [InlineData("nonsense: 1\n", "field nonsense not found in type config.plain")]
    [InlineData("global: {scrape_interval: 5s, scrape_timeout: 10s}\n", "global scrape timeout greater than scrape interval")]
    public async Task A_broken_file_leaves_everything_as_it_was_and_a_good_one_heals(string text, string? reason)
    {
        var holder = new ConfigurationHolder(_file, ConfigurationOptions.Default);
        using Reloader reloader = Make(holder, Part("a"));
        File.WriteAllText(_file, text);
        ConfigurationException error = await Assert.ThrowsAsync<ConfigurationException>(() => reloader.ReloadAsync(CancellationToken.None));
        Assert.Contains(reason ?? "parsing YAML file", error.Message, StringComparison.Ordinal);
        Assert.Empty(_events);
        Assert.Equal(TimeSpan.FromSeconds(11), holder.Current.Global.ScrapeInterval);
        File.WriteAllText(_file, After);
        await reloader.ReloadAsync(CancellationToken.None);
        Assert.Equal(["prepare a", "switch a"], _events);
        Assert.Contains("prometheus_config_last_reload_successful 1\n", _registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_named()
    {
        using Reloader reloader = Make(new ConfigurationHolder(_file, ConfigurationOptions.Default), Part("a"));
        File.Delete(_file);
        ConfigurationException error = await Assert.ThrowsAsync<ConfigurationException>(() => reloader.ReloadAsync(CancellationToken.None));
        Assert.EndsWith($": open {_file}: no such file or directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_no_configuration() => Assert.Equal(
        $"read {_directory.Path}: is a directory",
        Assert.Throws<ConfigurationException>(() => new ConfigurationHolder(_directory.Path, ConfigurationOptions.Default)).Message);

    // One reload waits for the other: two never prepare at the same time.
    [Fact]
    public async Task Reloads_come_one_after_another()
    {
        var holder = new ConfigurationHolder(_file, ConfigurationOptions.Default);
        var released = new TaskCompletionSource();
        using Reloader reloader = Make(holder, _ =>
        {
            _events.Add("prepare");
            return async () =>
            {
                await released.Task;
                _events.Add("switched");
            };
        });
        Task first = reloader.ReloadAsync(CancellationToken.None), second = reloader.ReloadAsync(CancellationToken.None);
        Assert.Equal(["prepare"], _events);
        released.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(["prepare", "switched", "prepare", "switched"], _events);
    }

    [Fact]
    public async Task The_metrics_tell_the_time_of_the_last_success()
    {
        using Reloader reloader = Make(new ConfigurationHolder(_file, ConfigurationOptions.Default), Part("a"));
        await reloader.ReloadAsync(CancellationToken.None);
        DateTimeOffset success = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(5));
        File.WriteAllText(_file, "nonsense: 1");
        await Assert.ThrowsAsync<ConfigurationException>(() => reloader.ReloadAsync(CancellationToken.None));
        Assert.Contains("prometheus_config_last_reload_successful 0\n", _registry.ToText(), StringComparison.Ordinal);
        string line = _registry.ToText().Split('\n').Single(line => line.StartsWith("prometheus_config_last_reload_success_timestamp_seconds ", StringComparison.Ordinal));
        Assert.Equal(success.ToUnixTimeMilliseconds() / 1000.0, double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private Reloader Make(ConfigurationHolder holder, params Func<PrometheusConfiguration, Func<Task>>[] parts) =>
        new(holder, parts, new ReloadMetrics(_registry), NullLogger.Instance, _time);

    private Func<PrometheusConfiguration, Func<Task>> Part(string name) => _ =>
    {
        _events.Add("prepare " + name);
        return () =>
        {
            _events.Add("switch " + name);
            return Task.CompletedTask;
        };
    };
}
