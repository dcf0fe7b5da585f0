using Forethought.Client;

namespace Forethought.Tsdb.HeadChunks;

/// <summary>
/// What went through the queue of chunks on their way to files, under upstream's name; there only if the operator gave it a size. A
/// chunk that waits is read where it is, so that nothing is ever got from the queue. Thread-safe.
/// </summary>
internal sealed class ChunkWriteQueueMetrics(Func<long> added, Func<long> completed) : ICollector
{
    private readonly MetricDescriptor _operations = new(
        "prometheus_tsdb_chunk_write_queue_operations_total",
        "Number of operations on the chunk_write_queue.",
        MetricType.Counter,
        ["operation"]);

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors => [_operations];

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        writer.Write(_operations, added(), ["add"]);
        writer.Write(_operations, completed(), ["complete"]);
        writer.Write(_operations, 0, ["get"]);
    }
}
