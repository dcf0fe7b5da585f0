using System.Threading.Channels;
using Forethought.Discovery.Files;
using Forethought.Testing;

namespace Forethought.Discovery.Tests;

/// <summary>Watching on real directories and the real clock: the kernel's notifications have no other.</summary>
public sealed class DirectoryWatchTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<string> _failed = [];
    private readonly DirectoryWatch _watch;
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));

    public DirectoryWatchTests() => _watch = new DirectoryWatch(() => _changes.Writer.TryWrite(true), (_, directory) => _failed.Add(directory));

    public void Dispose()
    {
        _watch.Dispose();
        _root.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Tells_of_changes_in_every_directory_of_the_patterns()
    {
        foreach (string name in (string[])["a", "b"])
        {
            Directory.CreateDirectory(Path.Combine(_root.Path, name));
        }

        string[] patterns = [Path.Combine(_root.Path, "a", "*.json"), Path.Combine(_root.Path, "a", "*.yml"), Path.Combine(_root.Path, "b", "x.json")];
        _watch.Cover(patterns);
        _watch.Cover(patterns);
        foreach (string name in (string[])["a/new.json", "b/x.json", "a/new.json"])
        {
            await File.WriteAllTextAsync(Path.Combine(_root.Path, name), name + Guid.NewGuid());
            await ChangedAsync();
        }

        File.Delete(Path.Combine(_root.Path, "a/new.json"));
        await ChangedAsync();
        Assert.Empty(_failed);
    }

    [Fact]
    public void Reports_a_directory_that_is_missing_once_and_again_after_it_was_there()
    {
        string directory = Path.Combine(_root.Path, "later");
        string[] patterns = [Path.Combine(directory, "*.json")];
        _watch.Cover(patterns);
        _watch.Cover(patterns);
        Assert.Equal([directory], _failed);
        Directory.CreateDirectory(directory);
        _watch.Cover(patterns);
        Directory.Delete(directory);
        _watch.Cover(patterns);
        _watch.Cover(patterns);
        Assert.Equal([directory, directory], _failed);
    }

    [Fact]
    public async Task Watches_a_directory_that_was_made_again()
    {
        string directory = Path.Combine(_root.Path, "d");
        string[] patterns = [Path.Combine(directory, "*.json")];
        Directory.CreateDirectory(directory);
        _watch.Cover(patterns);
        Directory.Delete(directory);
        _watch.Cover(patterns);
        Directory.CreateDirectory(directory);
        _watch.Cover(patterns);
        _changes.Reader.TryRead(out _);
        await File.WriteAllTextAsync(Path.Combine(directory, "x.json"), "x");
        await ChangedAsync();
    }

    private ValueTask<bool> ChangedAsync() => _changes.Reader.ReadAsync(_patience.Token);
}
