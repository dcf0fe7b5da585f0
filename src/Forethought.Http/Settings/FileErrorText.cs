namespace Forethought.Http;

/// <summary>Says in upstream's words why a file a user has configured cannot be read.</summary>
public static class FileErrorText
{
    /// <summary>For example <c>open /x: no such file or directory</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">What reading it threw.</param>
    public static string Describe(string path, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"open {path}: no such file or directory",
        UnauthorizedAccessException when Directory.Exists(path) => $"read {path}: is a directory",
        UnauthorizedAccessException => $"open {path}: permission denied",
        _ => $"read {path}: {error.Message}",
    };
}
