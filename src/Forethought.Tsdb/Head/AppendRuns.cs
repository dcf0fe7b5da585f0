namespace Forethought.Tsdb.Head;

/// <summary>
/// The overflow of isolation: per series a chain of runs "so many samples came from that transaction", newest first, for those
/// transactions that some reader must not see. Normally empty: a series keeps its newest run itself. Used under the shard lock.
/// </summary>
internal sealed class AppendRuns
{
    private Run[] _runs = new Run[16];
    private int _length = 1;
    private int _firstFree;

    /// <summary>Runs that are kept.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a run in front of a chain and returns the chain's new head.</summary>
    public int Push(int head, long transaction, int samples)
    {
        int place = _firstFree;
        if (place != 0)
        {
            _firstFree = _runs[place].Next;
        }
        else
        {
            if (_length == _runs.Length)
                Array.Resize(ref _runs, _length * 2);
            place = _length++;
        }

        _runs[place] = new Run(transaction, samples, head);
        Count++;
        return place;
    }

    /// <summary>
    /// Drops the runs that every reader may see and returns the chain's new head. Transactions of a chain ascend towards its head,
    /// so what is dropped is its tail.
    /// </summary>
    public int Prune(int head, long watermark)
    {
        if (head == 0)
            return 0;
        if (_runs[head].Transaction <= watermark)
        {
            Free(head);
            return 0;
        }

        int last = head;
        while (_runs[last].Next != 0 && _runs[_runs[last].Next].Transaction > watermark)
            last = _runs[last].Next;
        Free(_runs[last].Next);
        _runs[last].Next = 0;
        return head;
    }

    /// <summary>Drops a whole chain.</summary>
    public void Free(int head)
    {
        while (head != 0)
        {
            int next = _runs[head].Next;
            _runs[head].Next = _firstFree;
            _firstFree = head;
            Count--;
            head = next;
        }
    }

    /// <summary>Samples in the chain of transactions newer than <paramref name="bound"/>.</summary>
    public int SamplesNewerThan(int head, long bound)
    {
        int samples = 0;
        for (; head != 0 && _runs[head].Transaction > bound; head = _runs[head].Next)
            samples += _runs[head].Samples;
        return samples;
    }

    private record struct Run(long Transaction, int Samples, int Next);
}
