using Forethought.Storage;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Finds out what the newest samples of those series are whose newest sample is in a full chunk. That is so only after replay: what
/// the log had of the series is in its files, or a snapshot brought it back.
/// </summary>
/// <remarks>Bounds: handles come from chains that the shard's lock guards; a piece begins with its header, which holds its length.</remarks>
internal sealed unsafe class SealedNewestSamples(HeadState head)
{
    private readonly ChunkRows _rows = new();
    private readonly HistogramSample _histogram = new();
    private byte[] _buffer = [];

    /// <summary>Looks at all series. Before anything is appended.</summary>
    public void Count()
    {
        using var lease = new ShardLease(head.Shards);
        for (uint slot = 0; slot < head.Index.Series.Length; slot++)
        {
            HeadShard shard = lease.MoveTo(slot);
            ref SeriesState state = ref head.Index.Series.State(slot);
            ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
            if ((state.Flags & (SeriesFlags.Open | SeriesFlags.Dead)) == 0 && entry.Sealed != 0)
                Count(shard, ref state, entry.Sealed);
        }
    }

    // A damaged chunk is reported when its samples are wanted.
    private void Count(HeadShard shard, ref SeriesState state, uint newest)
    {
        byte* piece = shard.Sealed.Pointer(newest);
        ref readonly SealedChunk chunk = ref *(SealedChunk*)piece;
        byte* content = piece + sizeof(SealedChunk);
        try
        {
            ReadOnlySpan<byte> bytes = chunk.IsOnDisk
                ? head.ChunkFiles!.Read(*(ulong*)content, chunk.Length, ref _buffer)
                : new ReadOnlySpan<byte>(content, chunk.Length);
            _rows.Decode(chunk.Encoding, bytes);
        }
        catch (Exception e) when (e is StorageException or IOException)
        {
            return;
        }

        int last = _rows.Count - 1;
        if (last < 0)
            return;
        if (_rows.IsFloats)
        {
            NewestSample.NoteSealed(head.Counters, ref state, Model.StaleMarker.IsStale(_rows.Value(last)), buckets: null);
            return;
        }

        _rows.LoadHistogram(last, _histogram);
        bool isStale = _histogram.IsStale;
        int buckets = isStale ? 0 : _histogram.Positive.Values.Length + _histogram.Negative.Values.Length;
        NewestSample.NoteSealed(head.Counters, ref state, isStale, buckets);
    }
}
