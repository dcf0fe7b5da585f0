using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.HeadChunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The chunks that replay found in the head's files, until their series are met in the log. What the log has of a series up to the end
/// of its last chunk need not be appended again. Lives as long as replay does.
/// </summary>
internal sealed class LoadedChunks
{
    private readonly HeadState _head;
    private readonly HeadChunkFiles _files;
    private readonly List<HeadChunkEntry> _entries = [];
    private readonly Dictionary<ulong, long> _newest = [];
    private ulong _newestSeries;

    private LoadedChunks(HeadState head, HeadChunkFiles files)
    {
        _head = head;
        _files = files;
    }

    /// <summary>Damage that was met; the files from there on were deleted, and their samples come from the log.</summary>
    public TsdbCorruptionException? Damage { get; private set; }

    /// <summary>Reads which chunks there are.</summary>
    public static LoadedChunks Scan(HeadState head, HeadChunkFiles files)
    {
        var loaded = new LoadedChunks(head, files);
        loaded.Damage = files.Scan(loaded.Add);
        loaded._entries.RemoveAll(entry => !files.Has(entry.Reference));
        loaded._newest.Clear();

        // Labels of a series may be lost with the log while its chunks are still there: they must never become another series'.
        head.Index.ReserveReferences(loaded._newestSeries);
        loaded._entries.Sort(static (a, b) => (a.Series, a.Reference).CompareTo((b.Series, b.Reference)));
        return loaded;
    }

    /// <summary>Gives a series that replay has just created its chunks.</summary>
    public void Attach(uint slot)
    {
        HeadShard shard = _head.ShardOf(slot);
        int attached = 0;
        lock (shard.Lock)
        {
            ref SeriesEntry entry = ref _head.Index.Series.Entry(slot);
            for (int i = FirstOf(entry.Reference); i < _entries.Count && _entries[i].Series == entry.Reference; i++, attached++)
            {
                SealedChain.PushReference(shard, ref entry, _entries[i]);
                _head.Bounds.Include(Math.Max(_entries[i].MinTimeMs, _head.Bounds.MinValidTimeMs), _entries[i].MaxTimeMs);
            }
        }

        HeadCounters.Add(ref _head.Counters.ChunksCreated, attached);
    }

    // Chunks out of order and of encodings of later versions are left to others; so are those that blocks have already.
    private void Add(HeadChunkEntry entry)
    {
        if (entry.Series < SeriesRefMap.Limit)
            _newestSeries = Math.Max(_newestSeries, entry.Series);
        if (entry.IsOutOfOrder || entry.MaxTimeMs < _head.Bounds.MinValidTimeMs || !IsKnown(entry))
            return;
        bool isFirst = !_newest.TryGetValue(entry.Series, out long newest);

        // Written twice: the first attempt failed behind it, and all of it was repeated.
        if (!isFirst && entry.MaxTimeMs <= newest)
            return;
        if (!isFirst && entry.MinTimeMs <= newest)
            throw _files.Damage(entry.Reference, $"out of sequence m-mapped chunk for series ref {entry.Series}", $"after {newest}", $"{entry.MinTimeMs}");
        _newest[entry.Series] = entry.MaxTimeMs;
        _entries.Add(entry);
    }

    private static bool IsKnown(HeadChunkEntry entry) =>
        entry.Encoding is > ChunkEncoding.None and <= ChunkEncoding.FloatHistogramWithStartTimes
        && entry.MaxTimeMs >= entry.MinTimeMs
        && entry.MaxTimeMs - entry.MinTimeMs is >= 0 and <= SealedChunk.MaxDurationMs
        && entry.Length <= SealedChunk.MaxLength;

    private int FirstOf(ulong series)
    {
        int low = 0, high = _entries.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_entries[middle].Series < series)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
