using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Takes one series' chunks for a reader, under the shard lock: addresses of the full ones, a copy of the open one, and how many
/// of the newest samples the reader must not see. Decodes without the lock. For one reader and one thread; the reader's epoch is
/// pinned.
/// </summary>
/// <remarks>Bounds: a piece in the arena begins with its header, which holds the length of what follows; handles come from the chain
/// that the shard's lock guards.</remarks>
internal sealed unsafe class SeriesReader(HeadState head, OpenRead read)
{
    private readonly TombstoneSet? _tombstones = head.Tombstones.Current;
    private readonly List<ChunkView> _chunks = [];
    private TimeIntervals? _deleted;
    private byte[] _openCopy = new byte[1024];
    private byte[] _diskCopy = [];
    private (long TimeMs, double Value)? _newest;

    /// <summary>
    /// When not null, only the newest sample at or before this time is wanted of each series. If that is the last one of the open chunk, as
    /// it mostly is in a query about the present, the series' state has it and nothing is copied or decoded.
    /// </summary>
    public long? NewestUntilMs { get; init; }

    /// <summary>Chunks not yet decoded; the last one is the oldest.</summary>
    public int ChunksLeft => _chunks.Count;

    /// <summary>
    /// Times deleted from the current series. Chunks that are deleted as a whole are not among those to be taken; others still have
    /// their deleted samples when they are taken, but not when they are decoded here.
    /// </summary>
    public ReadOnlySpan<TimeInterval> Deleted => _deleted is null ? default : _deleted.Span;

    /// <summary>Moves to a series; false when it has no chunk in the reader's time range or none that the reader may see.</summary>
    public bool MoveTo(uint slot, bool copiesSamples)
    {
        _chunks.Clear();
        _newest = null;
        HeadShard shard = head.ShardOf(slot);
        lock (shard.Lock)
        {
            ref SeriesState state = ref head.Index.Series.State(slot);
            ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
            if ((state.Flags & SeriesFlags.Dead) != 0)
                return false;
            _deleted = null;
            _tombstones?.TryGet(entry.Reference, out _deleted);
            int hidden = HiddenSamples(shard, ref state, ref entry);
            if (hidden == 0 && TakeNewest(ref state))
                return true;
            if ((state.Flags & SeriesFlags.Open) != 0)
                TakeOpen(shard, ref state, ref entry, copiesSamples, ref hidden);
            if (_chunks.Count == 0 || !HasNewest(entry.OpenMinTimeMs))
                TakeSealed(shard, entry.Sealed, hidden);
        }

        if (_deleted is { } deleted)
            _chunks.RemoveAll(chunk => TimeIntervals.Cover(deleted.Span, chunk.MinTimeMs, chunk.MaxTimeMs));
        return _chunks.Count > 0;
    }

    /// <summary>Adds the current series' newest sample to a batch if that is all that is wanted and no chunk is needed for it.</summary>
    public bool TryReadNewest(SampleBatch batch)
    {
        if (_newest is not { } newest)
            return false;
        _newest = null;
        batch.Add(newest.TimeMs, newest.Value);
        return true;
    }

    /// <summary>Takes the oldest chunk left as it is.</summary>
    /// <param name="bytes">Its bytes, valid until the next <see cref="MoveTo"/>.</param>
    public ChunkView TakeNext(out ReadOnlySpan<byte> bytes)
    {
        ChunkView chunk = _chunks[^1];
        _chunks.RemoveAt(_chunks.Count - 1);
        bytes = chunk.DiskReference == 0
            ? chunk.Span(_openCopy)
            : head.ChunkFiles!.Read(chunk.DiskReference, chunk.Length, ref _diskCopy);
        return chunk;
    }

    /// <summary>Decodes the oldest chunk left into a batch, restricted to the reader's times.</summary>
    public void DecodeNext(SampleBatch batch) => Decode(TakeNext(out ReadOnlySpan<byte> bytes), bytes, batch);

    /// <summary>Decodes a chunk that was taken, restricted to the reader's times and to what it may see and is not deleted.</summary>
    public void Decode(ChunkView chunk, ReadOnlySpan<byte> bytes, SampleBatch batch)
    {
        int before = batch.Count;
        SampleKind kindsBefore = batch.AllKinds;
        DecodeVisible(chunk, bytes, batch);
        if (_deleted is not null)
            ExcludedTimes.Remove(_deleted.Span, batch, before, kindsBefore);
    }

    private void DecodeVisible(ChunkView chunk, ReadOnlySpan<byte> bytes, SampleBatch batch)
    {
        if (chunk.HiddenSamples == 0)
        {
            ChunkDecoder.Decode(chunk.Encoding, bytes, read.MinTimeMs, read.MaxTimeMs, batch);
            return;
        }

        // Hidden are the chunk's last samples, whatever their times: cut them off first, then what is too new.
        int before = batch.Count;
        ChunkDecoder.Decode(chunk.Encoding, bytes, read.MinTimeMs, long.MaxValue, batch);
        int end = Math.Max(before, batch.Count - chunk.HiddenSamples);
        while (end > before && batch.TimesMs[end - 1] > read.MaxTimeMs)
            end--;
        batch.Truncate(end);
    }

    private int HiddenSamples(HeadShard shard, ref SeriesState state, ref SeriesEntry entry)
    {
        if (state.Transaction <= read.Bound)
            return 0;
        return state.RunLength + shard.Runs.SamplesNewerThan(entry.EarlierRuns, read.Bound);
    }

    // Whether the newest sample that is wanted is in a chunk with this first sample, when newer chunks do not have it.
    private bool HasNewest(long minTimeMs) => minTimeMs <= NewestUntilMs && _deleted is null;

    private bool TakeNewest(ref SeriesState state)
    {
        if (NewestUntilMs is not { } until || _deleted is not null || (state.Flags & SeriesFlags.Open) != SeriesFlags.OpenFloats)
            return false;
        long timeMs = state.Floats.LastTimeMs;
        if (timeMs > until || timeMs < read.MinTimeMs)
            return false;
        _newest = (timeMs, state.Floats.LastValue);
        return true;
    }

    private void TakeOpen(HeadShard shard, ref SeriesState state, ref SeriesEntry entry, bool copiesSamples, ref int hidden)
    {
        int samples = OpenChunk.SampleCount(shard, ref state);
        bool isWanted = hidden < samples
            && entry.OpenMinTimeMs <= read.MaxTimeMs
            && OpenChunk.LastTimeMs(shard, ref state) >= read.MinTimeMs;
        if (isWanted)
        {
            int length = OpenChunk.ByteLength(shard, ref state);
            if (copiesSamples)
            {
                if (_openCopy.Length < length)
                    _openCopy = new byte[length * 2];
                OpenChunk.CopyTo(shard, ref state, _openCopy.AsSpan(0, length));
            }

            long lastTimeMs = OpenChunk.LastTimeMs(shard, ref state);
            _chunks.Add(new ChunkView(0, 0, length, OpenChunk.Encoding(shard, ref state), hidden, entry.OpenMinTimeMs, lastTimeMs));
        }

        hidden = Math.Max(0, hidden - samples);
    }

    private void TakeSealed(HeadShard shard, uint handle, int hidden)
    {
        while (handle != 0)
        {
            byte* piece = shard.Sealed.Pointer(handle);
            ref readonly SealedChunk chunk = ref *(SealedChunk*)piece;
            if (chunk.MaxTimeMs < read.MinTimeMs)
                return;
            // A chunk goes to disk when all readers see all of it.
            var bytes = new ReadOnlySpan<byte>(piece + sizeof(SealedChunk), chunk.IsOnDisk ? 0 : chunk.Length);
            int samples = hidden == 0 || chunk.IsOnDisk ? 0 : ChunkHeader.ReadSampleCount(chunk.Encoding, bytes);
            if (chunk.MinTimeMs <= read.MaxTimeMs && (hidden == 0 || hidden < samples))
            {
                _chunks.Add(View(piece, chunk, hidden));
                if (HasNewest(chunk.MinTimeMs))
                    return;
            }

            hidden = Math.Max(0, hidden - samples);
            handle = chunk.Previous;
        }
    }

    private static ChunkView View(byte* piece, in SealedChunk chunk, int hidden)
    {
        byte* content = piece + sizeof(SealedChunk);
        return chunk.IsOnDisk
            ? new ChunkView(0, *(ulong*)content, chunk.Length, chunk.Encoding, hidden, chunk.MinTimeMs, chunk.MaxTimeMs)
            : new ChunkView((nint)content, 0, chunk.Length, chunk.Encoding, hidden, chunk.MinTimeMs, chunk.MaxTimeMs);
    }
}
