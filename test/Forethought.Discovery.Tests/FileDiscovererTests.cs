using Forethought.Client;
using Forethought.Configuration;
using Forethought.Testing;

namespace Forethought.Discovery.Tests;

/// <summary>File discovery on real files and the real clock: the kernel's notifications have no other.</summary>
public sealed class FileDiscovererTests : IAsyncDisposable
{
    private const string One = "[{\"targets\":[\"a:1\"],\"labels\":{\"env\":\"x\"}}]";
    private const string Two = "- targets: ['b:1', 'b:2']\n- targets: ['c:1']\n  labels:\n    k: v\n";

    private readonly TemporaryDirectory _directory = new();
    private readonly MetricRegistry _registry = new();
    private readonly List<DiscoveryProblem> _problems = [];
    private readonly DiscoveryManager _manager;
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));

    public FileDiscovererTests() => _manager = new DiscoveryManager(
        "scrape",
        _registry,
        new MechanismMetrics(_registry),
        new DiscoveryOptions
        {
            UpdateInterval = TimeSpan.FromMilliseconds(10),
            Problem = problem =>
            {
                lock (_problems)
                {
                    _problems.Add(problem);
                }
            },
        });

    public async ValueTask DisposeAsync()
    {
        await _manager.DisposeAsync();
        _directory.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Reads_json_and_yaml_and_labels_targets_with_their_file()
    {
        string json = Write("one.json", One);
        string yaml = Write("two.yml", Two);
        await StartAsync("*.json", "two.yml");
        IReadOnlyList<TargetGroup> groups = await UntilAsync(static groups => groups.Count == 3);
        TargetGroup first = groups.Single(group => group.Source == json + ":0");
        Assert.Equal(ManagerHarness.LabelsOf("__meta_filepath", json, "env", "x"), first.Labels);
        Assert.Equal(["a:1"], ManagerHarness.Addresses([first]));
        TargetGroup last = groups.Single(group => group.Source == yaml + ":1");
        Assert.Equal(ManagerHarness.LabelsOf("__meta_filepath", yaml, "k", "v"), last.Labels);
        string text = _registry.ToText();
        Assert.Contains($"prometheus_sd_file_mtime_seconds{{filename=\"{json}\"}} ", text, StringComparison.Ordinal);
        Assert.Contains("prometheus_sd_file_read_errors_total 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notices_changed_new_and_removed_files()
    {
        string path = Write("one.json", One);
        await StartAsync("*.json");
        await UntilAsync(static groups => Addresses(groups) == "a:1");
        Write("one.json", "[{\"targets\":[\"z:9\"]}]");
        await UntilAsync(static groups => Addresses(groups) == "z:9");
        Write("new.json", One);
        await UntilAsync(static groups => Addresses(groups) == "a:1 z:9");
        File.Delete(path);
        await UntilAsync(static groups => Addresses(groups) == "a:1");
        Assert.DoesNotContain($"filename=\"{path}\"", _registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notices_a_file_that_replaces_another_by_renaming()
    {
        string path = Write("one.json", One);
        await StartAsync("one.json");
        await UntilAsync(static groups => Addresses(groups) == "a:1");
        File.Move(Write("temporary", "[{\"targets\":[\"n:1\"]}]"), path, overwrite: true);
        await UntilAsync(static groups => Addresses(groups) == "n:1");
    }

    [Fact]
    public async Task Takes_away_groups_that_a_file_no_longer_has()
    {
        Write("two.yml", Two);
        await StartAsync("two.yml");
        await UntilAsync(static groups => groups.Count == 2);
        Write("two.yml", "- targets: ['b:1']\n");
        await UntilAsync(static groups => Addresses(groups) == "b:1");
    }

    [Theory]
    [InlineData("[{\"targets\":", "one.json")]
    [InlineData("[null]", "one.json")]
    [InlineData("[{\"targets\":[\"x:1\"],\"lables\":{}}]", "one.json")]
    [InlineData("- targets: [x]\n  unknown: 1\n", "one.yml")]
    public async Task Keeps_the_groups_of_a_file_that_cannot_be_read_any_more(string broken, string name)
    {
        Write(name, name.EndsWith(".json", StringComparison.Ordinal) ? One : "- targets: ['a:1']\n");
        Write("other.json", "[{\"targets\":[\"o:1\"]}]");
        await StartAsync("*.json", "*.yml");
        await UntilAsync(static groups => Addresses(groups) == "a:1 o:1");
        Write(name, broken);
        Write("other.json", "[{\"targets\":[\"o:2\"]}]");
        await UntilAsync(static groups => Addresses(groups) == "a:1 o:2");
        await UntilAsync(_ => Problems() > 0, moreFiles: true);
        Assert.DoesNotContain("prometheus_sd_file_read_errors_total 0\n", _registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_for_a_directory_that_does_not_exist_yet()
    {
        await _manager.ApplyAsync(new Dictionary<string, Http.ValueList<DiscoveryConfiguration>>(StringComparer.Ordinal)
        {
            ["job"] = [new FileDiscoveryConfiguration { Files = [Path.Combine(_directory.Path, "later", "*.json")], RefreshInterval = TimeSpan.FromMilliseconds(20) }],
        });
        Directory.CreateDirectory(Path.Combine(_directory.Path, "later"));
        Write("later/one.json", One);
        await UntilAsync(static groups => Addresses(groups) == "a:1");
        lock (_problems)
        {
            Assert.All(_problems, static problem => Assert.Equal("Error adding file watch", problem.Message));
        }
    }

    private static string Addresses(IReadOnlyList<TargetGroup> groups) => string.Join(' ', ManagerHarness.Addresses(groups).Order(StringComparer.Ordinal));

    private int Problems()
    {
        lock (_problems)
        {
            return _problems.Count;
        }
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_directory.Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    private Task StartAsync(params string[] patterns) =>
        _manager.ApplyAsync(new Dictionary<string, Http.ValueList<DiscoveryConfiguration>>(StringComparer.Ordinal)
        {
            ["job"] = [new FileDiscoveryConfiguration
            {
                Files = [.. patterns.Select(pattern => Path.Combine(_directory.Path, pattern))],
                RefreshInterval = TimeSpan.FromMinutes(5),
            }],
        });

    private async Task<IReadOnlyList<TargetGroup>> UntilAsync(Func<IReadOnlyList<TargetGroup>, bool> condition, bool moreFiles = false)
    {
        int file = 0;
        while (true)
        {
            if (moreFiles)
            {
                // Provokes another reading and thereby another update.
                Write("provoke.json", $"[{{\"targets\":[\"p:{file++}\"]}}]");
            }

            IReadOnlyList<TargetGroup> groups = (await _manager.Updates.ReadAsync(_patience.Token))["job"];
            if (condition(groups))
            {
                return groups;
            }
        }
    }
}
