namespace Forethought.Tsdb.Platform;

/// <summary>
/// The exclusive lock on a data directory: the file <c>lock</c>, held with <c>flock</c> as upstream does (the runtime takes it for
/// a file opened without sharing; on Windows the share mode itself locks). Removed when released.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;

    private DirectoryLock(string path, FileStream file, bool wasThere)
    {
        _path = path;
        _file = file;
        ReplacedLeftover = wasThere;
    }

    /// <summary>Whether a previous process had left its file behind: it did not end cleanly.</summary>
    public bool ReplacedLeftover { get; }

    /// <summary>Takes the lock, creating the directory if it does not exist.</summary>
    /// <exception cref="IOException">Another process holds it, or the directory cannot be written: "lock DB directory: …".</exception>
    public static DirectoryLock Take(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            string path = Path.Combine(Path.GetFullPath(directory), "lock");
            bool wasThere = File.Exists(path);
            return new DirectoryLock(path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), wasThere);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException("lock DB directory: " + e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left looks like a process that did not end cleanly, and locks nobody out.
        }
        finally
        {
            _file.Dispose();
        }
    }
}
