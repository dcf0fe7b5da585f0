namespace Forethought.Discovery.Files;

/// <summary>
/// Watches the directories of file patterns. What exactly happened does not matter: any event means reading all files again. A
/// directory that cannot be watched is tried again at the next <see cref="Cover"/>.
/// </summary>
internal sealed class DirectoryWatch(Action changed, Action<Exception, string> failed) : IDisposable
{
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);

    // Directories whose failure was reported, so that a missing one is reported once.
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>Watches the directories of the patterns that are not watched yet.</summary>
    internal void Cover(IEnumerable<string> patterns)
    {
        foreach (string pattern in patterns)
        {
            string directory = Path.GetDirectoryName(pattern) is { Length: > 0 } parent ? parent : ".";
            if (_watchers.TryGetValue(directory, out FileSystemWatcher? existing))
            {
                if (Directory.Exists(directory))
                {
                    continue;
                }

                existing.Dispose();
                _watchers.Remove(directory);
            }

            TryWatch(directory);
        }
    }

    public void Dispose()
    {
        foreach (FileSystemWatcher watcher in _watchers.Values)
        {
            watcher.Dispose();
        }
    }

    private void TryWatch(string directory)
    {
        try
        {
            var watcher = new FileSystemWatcher(directory)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.Error += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(directory, watcher);
            _reported.Remove(directory);
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            if (_reported.Add(directory))
            {
                failed(e, directory);
            }
        }
    }
}
