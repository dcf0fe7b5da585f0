using System.Globalization;
using System.Threading.Channels;
using Forethought.Configuration;
using Forethought.Http;

namespace Forethought.Discovery.Files;

/// <summary>
/// <c>file_sd_configs</c>: reads files of target groups when they change and at intervals. A file that cannot be read keeps its groups; a
/// file that is gone takes them along.
/// </summary>
internal sealed class FileDiscoverer(
    FileDiscoveryConfiguration configuration, string set, FileDiscoveryMetrics metrics, DiscoveryOptions options) : IDiscoverer
{
    private const string PathLabel = "__meta_filepath";

    // Most writers empty a file first and fill it then. What is read in between looks like a list without groups, so that a change is
    // left to settle; it also makes one reading of a burst of notifications.
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(50);

    // How many groups each file held when it was last read, to know which sources to take away.
    private Dictionary<string, int> _groupCounts = new(StringComparer.Ordinal);

    public async Task RunAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellationToken)
    {
        // One slot: whatever happens while the files are read means reading them once more.
        Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watch = new DirectoryWatch(() => changes.Writer.TryWrite(true), WatchFailed);
        TimeSpan interval = RefreshInterval.Of(configuration.RefreshInterval, TimeSpan.FromMinutes(5));
        using ITimer timer = options.TimeProvider.CreateTimer(_ => changes.Writer.TryWrite(true), null, interval, interval);
        try
        {
            watch.Cover(configuration.Files);
            await RefreshAsync(publish, cancellationToken).ConfigureAwait(false);
            while (await changes.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(SettleTime, options.TimeProvider, cancellationToken).ConfigureAwait(false);
                changes.Reader.TryRead(out _);
                watch.Cover(configuration.Files);
                await RefreshAsync(publish, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            metrics.Timestamps.RemoveAll(this);
        }
    }

    private async Task RefreshAsync(Action<IReadOnlyList<TargetGroup>> publish, CancellationToken cancellationToken)
    {
        long start = options.TimeProvider.GetTimestamp();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string path in configuration.Files.SelectMany(FileGlob.Expand))
        {
            try
            {
                IReadOnlyList<TargetGroup> groups = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
                publish(groups);
                counts[path] = groups.Count;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ConfigurationException or FormatException)
            {
                metrics.ReadErrors.Inc();
                options.Problem?.Invoke(new DiscoveryProblem("Error reading file", "file", set, e, path));
                counts[path] = _groupCounts.GetValueOrDefault(path);
            }
        }

        PublishRemovals(publish, counts);
        _groupCounts = counts;
        metrics.ScanDuration.Observe(options.TimeProvider.GetElapsedTime(start).TotalSeconds);
    }

    private void PublishRemovals(Action<IReadOnlyList<TargetGroup>> publish, Dictionary<string, int> counts)
    {
        var removed = new List<TargetGroup>();
        foreach ((string path, int before) in _groupCounts)
        {
            if (!counts.TryGetValue(path, out int now))
            {
                metrics.Timestamps.Remove(this, path);
            }

            for (int i = now; i < before; i++)
            {
                removed.Add(TargetGroup.Empty(SourceOf(path, i)));
            }
        }

        if (removed.Count > 0)
        {
            publish(removed);
        }
    }

    private async Task<IReadOnlyList<TargetGroup>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        byte[] content = await WholeFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        DateTime modified = File.GetLastWriteTimeUtc(path);
        ValueList<StaticTargetGroup> groups = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? JsonTargetGroups.Parse(content)
            : TargetGroupDocument.ParseYaml(content);
        metrics.Timestamps.Set(this, path, modified);
        return [.. groups.Select((group, index) => TargetGroups.From(group, SourceOf(path, index), PathLabel, path))];
    }

    private void WatchFailed(Exception error, string path)
    {
        metrics.WatcherErrors.Inc();
        options.Problem?.Invoke(new DiscoveryProblem("Error adding file watch", "file", set, error, path));
    }

    private static string SourceOf(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}:{index}");
}
