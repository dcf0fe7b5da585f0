using System.Collections.Concurrent;
using Forethought.Client;

namespace Forethought.Discovery.Files;

/// <summary><c>prometheus_sd_file_mtime_seconds</c>: one value per file, whichever discoverers read it.</summary>
internal sealed class FileTimestamps : ICollector
{
    private readonly MetricDescriptor _descriptor = new(
        "prometheus_sd_file_mtime_seconds",
        "Timestamp (mtime) of files read by FileSD. Timestamp is set at read time.",
        MetricType.Gauge,
        ["filename"]);

    private readonly ConcurrentDictionary<(object Owner, string File), double> _seconds = new();

    public IReadOnlyList<MetricDescriptor> Descriptors => [_descriptor];

    public void Collect(MetricWriter writer)
    {
        var newest = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (((_, string file), double seconds) in _seconds)
        {
            newest[file] = Math.Max(seconds, newest.GetValueOrDefault(file));
        }

        foreach ((string file, double seconds) in newest)
        {
            writer.Write(_descriptor, seconds, file);
        }
    }

    internal void Set(object owner, string file, DateTimeOffset modified) => _seconds[(owner, file)] = modified.ToUnixTimeSeconds();

    internal void Remove(object owner, string file) => _seconds.TryRemove((owner, file), out _);

    internal void RemoveAll(object owner)
    {
        foreach ((object Owner, string File) key in _seconds.Keys)
        {
            if (ReferenceEquals(key.Owner, owner))
            {
                _seconds.TryRemove(key, out _);
            }
        }
    }
}
