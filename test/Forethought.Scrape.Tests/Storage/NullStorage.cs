using Forethought.Storage;

namespace Forethought.Scrape.Tests;

/// <summary>Takes everything and keeps nothing, allocating nothing: for measuring what scraping itself costs.</summary>
internal sealed class NullStorage : IAppendable, IAppender
{
    private ulong _last;

    public IAppender OpenAppender() => this;

    public SeriesRef GetOrCreate(ReadOnlySpan<byte> packedLabels, ulong hash, out bool created)
    {
        created = true;
        return new SeriesRef(++_last);
    }

    public bool IsKnown(SeriesRef series) => true;

    public int Append(AppendBatch batch)
    {
        Array.Clear(batch.Outcomes, 0, batch.Count);
        return 0;
    }

    public ValueTask CommitAsync(CancellationToken cancellationToken = default) => default;

    public void Rollback()
    {
    }

    public void Dispose()
    {
    }
}
