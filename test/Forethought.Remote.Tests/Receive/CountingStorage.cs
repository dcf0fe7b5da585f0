using Forethought.Storage;

namespace Forethought.Remote.Tests.Receive;

/// <summary>A store that accepts and counts everything and allocates nothing.</summary>
internal sealed class CountingStorage : IAppendable, IAppender
{
    public long Rows { get; private set; }

    public long Series { get; private set; }

    public int LargestBatch { get; private set; }

    public IAppender OpenAppender() => this;

    public SeriesRef GetOrCreate(ReadOnlySpan<byte> packedLabels, ulong hash, out bool created)
    {
        created = false;
        Series++;
        return new SeriesRef(hash | 1);
    }

    public bool IsKnown(SeriesRef series) => true;

    public int Append(AppendBatch batch)
    {
        Rows += batch.Count;
        LargestBatch = Math.Max(LargestBatch, batch.Count);
        return 0;
    }

    public ValueTask CommitAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public void Rollback()
    {
    }

    public void Dispose()
    {
    }
}
