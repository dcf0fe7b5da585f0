using System.Collections.Concurrent;

namespace Forethought.Tsdb.Head;

/// <summary>
/// A few batches that go round between two threads: one takes them empty and hands them over full, the other receives them in the same
/// order and gives them back empty. So memory stays bounded, and who is ahead waits. Nobody waits for ever: <see cref="Complete"/>
/// brings the receiver to an end, <see cref="Abandon"/> the sender.
/// </summary>
internal sealed class BatchRing<TBatch> : IDisposable
    where TBatch : class
{
    private readonly BlockingCollection<TBatch> _empty;
    private readonly BlockingCollection<TBatch> _full;
    private readonly int _count;

    /// <summary>Makes the batches, all of them empty.</summary>
    public BatchRing(int count, Func<TBatch> make)
    {
        _count = count;
        _empty = new BlockingCollection<TBatch>(count);
        _full = new BlockingCollection<TBatch>(count);
        for (int i = 0; i < count; i++)
            _empty.Add(make());
    }

    /// <summary>Waits for an empty batch; null when the receiver has gone.</summary>
    public TBatch? Take() => _empty.TryTake(out TBatch? batch, Timeout.Infinite) ? batch : null;

    /// <summary>Hands a batch to the receiver.</summary>
    public void HandOver(TBatch batch) => _full.Add(batch);

    /// <summary>Tells the receiver that no more come.</summary>
    public void Complete() => _full.CompleteAdding();

    /// <summary>
    /// Waits until the receiver has given everything back but the batches that the sender itself holds.
    /// </summary>
    public void WaitUntilReceived(int held)
    {
        var idle = new List<TBatch>(_count);
        while (idle.Count < _count - held && Take() is { } batch)
            idle.Add(batch);
        if (!_empty.IsAddingCompleted)
            idle.ForEach(_empty.Add);
    }

    /// <summary>Waits for a full batch; null when all were received and no more come.</summary>
    public TBatch? Receive() => _full.TryTake(out TBatch? batch, Timeout.Infinite) ? batch : null;

    /// <summary>Gives a batch back, emptied.</summary>
    public void GiveBack(TBatch batch) => _empty.Add(batch);

    /// <summary>Tells the sender that nothing will be given back any more; the receiver must not do so afterwards.</summary>
    public void Abandon() => _empty.CompleteAdding();

    /// <inheritdoc/>
    public void Dispose()
    {
        _empty.Dispose();
        _full.Dispose();
    }
}
