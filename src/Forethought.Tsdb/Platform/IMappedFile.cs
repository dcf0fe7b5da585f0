namespace Forethought.Tsdb.Platform;

/// <summary>
/// The bytes of a file, mapped for reading. Spans of it must not be used once it is disposed: who hands them out sees to that.
/// Thread-safe but for <see cref="IDisposable.Dispose"/>.
/// </summary>
public interface IMappedFile : IDisposable
{
    /// <summary>The length in bytes that the file had when it was mapped.</summary>
    long Length { get; }

    /// <summary>A part of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is not within the file.</exception>
    ReadOnlySpan<byte> Slice(long offset, int length);
}
