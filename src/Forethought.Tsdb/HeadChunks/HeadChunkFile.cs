using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.HeadChunks;

/// <summary>A finished or current file of the head's chunks.</summary>
internal sealed class HeadChunkFile(int number, IStorageFile file) : IDisposable
{
    public int Number { get; } = number;

    public IStorageFile File { get; } = file;

    /// <summary>No chunk in it is older; <see cref="long.MaxValue"/> while there is none.</summary>
    public long MinTimeMs { get; private set; } = long.MaxValue;

    /// <summary>No chunk in it is newer; <see cref="long.MinValue"/> while there is none.</summary>
    public long MaxTimeMs { get; private set; } = long.MinValue;

    /// <summary>Bytes of header and chunks.</summary>
    public long Length { get; set; } = HeadChunkFormat.FileHeaderBytes;

    /// <summary>Widens the times by those of a chunk in it.</summary>
    public void Include(long minTimeMs, long maxTimeMs)
    {
        MinTimeMs = Math.Min(MinTimeMs, minTimeMs);
        MaxTimeMs = Math.Max(MaxTimeMs, maxTimeMs);
    }

    public void Dispose() => File.Dispose();
}
