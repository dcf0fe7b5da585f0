namespace Forethought.Tsdb.Head;

/// <summary>
/// Full chunks that were taken off their series, to be freed when no reader can have their addresses any more. Filled by one thread.
/// </summary>
/// <remarks>Bounds: handles are followed along chains of live pieces only, each of which begins with its header.</remarks>
internal sealed unsafe class UnlinkedChunks(HeadState head)
{
    private readonly List<(HeadShard Shard, uint Chain)> _chains = [];

    /// <summary>Takes the end of a series' chain, from a piece on; under the shard lock.</summary>
    /// <param name="shard">The series' shard.</param>
    /// <param name="link">What leads to the piece; nothing follows it any more then.</param>
    public void Take(HeadShard shard, ref uint link)
    {
        if (link == 0)
            return;
        _chains.Add((shard, link));
        link = 0;
    }

    /// <summary>Frees what was taken, once no reader can hold its address.</summary>
    public void Retire()
    {
        if (_chains.Count > 0)
            head.Epochs.Retire(Free);
    }

    private void Free()
    {
        int removed = 0;
        foreach ((HeadShard shard, uint chain) in _chains)
        {
            lock (shard.Lock)
            {
                for (uint handle = chain; handle != 0; removed++)
                {
                    var chunk = (SealedChunk*)shard.Sealed.Pointer(handle);
                    uint previous = chunk->Previous;
                    shard.Sealed.Free(handle, chunk->PieceBytes);
                    handle = previous;
                }
            }
        }

        HeadCounters.Add(ref head.Counters.ChunksRemoved, removed);
    }
}
