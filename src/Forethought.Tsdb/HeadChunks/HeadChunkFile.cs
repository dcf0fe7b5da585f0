using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.HeadChunks;

/// <summary>A finished or current file of the head's chunks.</summary>
internal sealed class HeadChunkFile(int number, IStorageFile file) : IDisposable
{
    public int Number { get; } = number;

    public IStorageFile File { get; } = file;

    /// <summary>No chunk in it is newer; <see cref="long.MinValue"/> while there is none.</summary>
    public long MaxTimeMs { get; set; } = long.MinValue;

    /// <summary>Bytes of header and chunks.</summary>
    public long Length { get; set; } = HeadChunkFormat.FileHeaderBytes;

    public void Dispose() => File.Dispose();
}
