namespace Forethought.Tsdb.Head;

/// <summary>How much replay holds and hands from thread to thread. By default at most 16 MiB of samples, 24 bytes each.</summary>
/// <param name="BlockBytes">Bytes of log records, at least 1; a block ends with the record that reaches them.</param>
/// <param name="BufferRows">Float samples in a buffer, at least 1.</param>
/// <param name="Buffers">The most buffers of float samples, at least 1.</param>
/// <param name="PageRows">Float samples of a page of series that are enough to be appended, at least 1.</param>
/// <param name="Histograms">Histograms that are enough to be appended, at least 1.</param>
internal sealed record ReplayLimits(
    int BlockBytes = 256 * 1024, int BufferRows = 1024, int Buffers = 680, int PageRows = 4096, int Histograms = 8192)
{
    /// <summary>With fewer buffers left than this, samples are handed over so that there will be more.</summary>
    public int ReservedBuffers => Math.Min(16, Buffers / 4);
}
