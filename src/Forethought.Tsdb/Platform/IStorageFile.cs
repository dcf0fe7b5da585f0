namespace Forethought.Tsdb.Platform;

/// <summary>
/// An open file, read and written by position. Calls on different positions may come from several threads; a failed call throws
/// <see cref="IOException"/>.
/// </summary>
public interface IStorageFile : IDisposable
{
    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>Fills the buffer from <paramref name="offset"/> on and returns the bytes read, fewer only at the end of the file.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>
    /// Hands all bytes to the operating system. When it throws, any prefix of them may have been written.
    /// </summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Cuts the file or extends it by zeros.</summary>
    void SetLength(long length);

    /// <summary>Returns once what was written is on stable storage.</summary>
    void Sync();

    /// <summary>Tells the operating system that what is on stable storage of the file need not be kept in memory.</summary>
    void DropCached();

    /// <summary>
    /// Maps the file as it is now, for reading. Only for files that nobody writes any more: to read from a mapping behind the end of
    /// a file that was cut ends the process. The mapping outlives the open file.
    /// </summary>
    IMappedFile Map();
}
