namespace Forethought.Http;

/// <summary>
/// Reads files that somebody else may be rewriting at the same time. The runtime's own methods believe the length they saw first and
/// fail when the file has become shorter; these read to the end, wherever it is.
/// </summary>
public static class WholeFile
{
    private const int FirstGuess = 16 * 1024;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static byte[] Read(string path)
    {
        using FileStream file = Open(path);
        var content = new MemoryStream(FirstGuess);
        file.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>As <see cref="Read"/>, without blocking a thread.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        FileStream file = Open(path);
        await using (file.ConfigureAwait(false))
        {
            var content = new MemoryStream(FirstGuess);
            await file.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
            return content.ToArray();
        }
    }

    // Sharing everything, so that no lock is taken and the writer is not disturbed.
    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
