using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.OutOfOrder;

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
    private readonly List<HeadChunkEntry> _outOfOrder = [];
    private readonly Dictionary<ulong, long> _newest = [];
    private ulong _newestSeries;
    private ulong _newestChunk;
    private byte[] _buffer = [];

    private LoadedChunks(HeadState head, HeadChunkFiles files)
    {
        _head = head;
        _files = files;
    }

    /// <summary>Damage that was met; the files from there on were deleted, and their samples come from the log.</summary>
    public TsdbCorruptionException? Damage { get; private set; }

    /// <summary>Whether all chunks are there that were ever written, as far as can be told.</summary>
    public bool AreAll => Damage is null && !_files.WasBlank;

    /// <summary>Reads which chunks there are.</summary>
    public static LoadedChunks Scan(HeadState head, HeadChunkFiles files)
    {
        var loaded = new LoadedChunks(head, files);
        loaded.Damage = files.Scan(loaded.Add);
        loaded._entries.RemoveAll(entry => !files.Has(entry.Reference));
        loaded._newest.Clear();

        // Labels of a series may be lost with the log while its chunks are still there: they must never become another series'.
        head.Index.ReserveReferences(loaded._newestSeries);
        loaded._entries.Sort(BySeries);
        loaded._outOfOrder.RemoveAll(entry => !files.Has(entry.Reference));
        loaded._outOfOrder.Sort(BySeries);
        head.OutOfOrder.NewestLoadedChunk = loaded._newestChunk;
        return loaded;
    }

    /// <summary>Gives a series that replay has just created its chunks.</summary>
    /// <returns>Up to which time they have its samples in order; <see cref="long.MinValue"/> when there are none.</returns>
    public long Attach(uint slot)
    {
        HeadShard shard = _head.ShardOf(slot);
        int attached = 0;
        long newestMs = long.MinValue;
        lock (shard.Lock)
        {
            ref SeriesEntry entry = ref _head.Index.Series.Entry(slot);
            for (int i = FirstOf(_entries, entry.Reference); i < _entries.Count && _entries[i].Series == entry.Reference; i++, attached++)
            {
                SealedChain.PushReference(shard, ref entry, _entries[i]);
                newestMs = _entries[i].MaxTimeMs;
                _head.Bounds.Include(Math.Max(_entries[i].MinTimeMs, _head.Bounds.MinValidTimeMs), _entries[i].MaxTimeMs);
            }

            AttachOutOfOrder(slot, entry.Reference);
        }

        HeadCounters.Add(ref _head.Counters.ChunksCreated, attached);
        return newestMs;
    }

    // Their files may go before they are in blocks: they are copied.
    private void AttachOutOfOrder(uint slot, ulong series)
    {
        for (int i = FirstOf(_outOfOrder, series); i < _outOfOrder.Count && _outOfOrder[i].Series == series; i++)
        {
            HeadChunkEntry entry = _outOfOrder[i];
            byte[] bytes = _files.Read(entry.Reference, entry.Length, ref _buffer).ToArray();
            _head.OutOfOrder.Add(slot, new OutOfOrderChunk(entry.MinTimeMs, entry.MaxTimeMs, entry.Encoding, bytes));
        }
    }

    private static int BySeries(HeadChunkEntry a, HeadChunkEntry b) => (a.Series, a.Reference).CompareTo((b.Series, b.Reference));

    // Chunks of encodings of later versions are left to others; so are those in order that blocks have already.
    private void Add(HeadChunkEntry entry)
    {
        if (entry.Series < SeriesRefMap.Limit)
            _newestSeries = Math.Max(_newestSeries, entry.Series);
        _newestChunk = entry.Reference;
        if (!IsKnown(entry))
            return;
        if (entry.IsOutOfOrder)
        {
            _outOfOrder.Add(entry);
            return;
        }

        if (entry.MaxTimeMs < _head.Bounds.MinValidTimeMs)
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

    private static int FirstOf(List<HeadChunkEntry> entries, ulong series)
    {
        int low = 0, high = entries.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (entries[middle].Series < series)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
