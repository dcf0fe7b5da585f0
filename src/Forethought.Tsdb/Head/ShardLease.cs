namespace Forethought.Tsdb.Head;

/// <summary>
/// Holds one shard's lock at a time while a batch walks over series: moving to a series of the same shard costs a comparison.
/// Must be disposed on the thread that used it.
/// </summary>
internal ref struct ShardLease(HeadShard[] shards)
{
    private readonly HeadShard[] _shards = shards;
    private HeadShard? _held;

    /// <summary>The shard of a slot, locked until the next call or disposal.</summary>
    public HeadShard MoveTo(uint slot)
    {
        HeadShard shard = _shards[HeadShard.IndexOf(slot)];
        if (shard == _held)
            return shard;
        _held?.Lock.Exit();
        _held = null;
        shard.Lock.Enter();
        _held = shard;
        return shard;
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        _held?.Lock.Exit();
        _held = null;
    }
}
