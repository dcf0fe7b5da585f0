using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// The chunks of one series out of several sources, to be written into a block: deleted samples are left out, equal chunks
/// returned once, chunks that overlap merged and written anew, and all others passed on as they are. Reused for series after
/// series; not thread-safe.
/// </summary>
internal sealed class ChunkMerge : IDisposable
{
    private readonly NativeAllocator _allocator;
    private readonly List<MergeSource> _sources = [];
    private readonly TimeHeap _heads = new();
    private readonly SampleMerge _overlap = new();
    private readonly ChunkEncoder _encoder;
    private readonly ChunkJoin? _join;
    private readonly ChunkEncoderRules _rules;
    private HeldChunk _first = new();
    private HeldChunk _previous = new();
    private int _sourceCount;
    private int _returned;

    /// <summary>Makes a merge without sources.</summary>
    /// <param name="allocator">Where chunks live while they are written.</param>
    /// <param name="options">How chunks are written.</param>
    public ChunkMerge(NativeAllocator allocator, ChunkMergeOptions options)
    {
        _allocator = allocator;
        _encoder = new ChunkEncoder(allocator);
        _rules = ChunkEncoderRules.Merging(options.Floats);
        _join = options.JoinsSmallChunks ? new ChunkJoin(allocator) : null;
    }

    /// <summary>Begins the next series; sources are added then.</summary>
    public void Start()
    {
        _sourceCount = 0;
        _heads.Clear();
        _join?.Clear();
        _encoder.Start(_rules);
        _returned = 0;
    }

    /// <summary>Adds the current series of a source; only its chunks are read, and only until the next <see cref="Start"/>.</summary>
    /// <param name="source">The source.</param>
    /// <param name="deleted">Ranges of time that its samples shall not be taken of.</param>
    /// <exception cref="Storage.StorageException">What the source reads is damaged.</exception>
    /// <exception cref="IOException">What the source reads cannot be read.</exception>
    public void Add(IChunkSeriesSource source, ReadOnlySpan<TimeInterval> deleted)
    {
        if (_sourceCount == _sources.Count)
            _sources.Add(new MergeSource(_allocator));
        _sources[_sourceCount].Start(source, deleted);
        Advance(_sourceCount++);
    }

    /// <summary>Takes the next chunk in order of time.</summary>
    /// <param name="chunk">The chunk, valid until the next call.</param>
    /// <returns>False when there is none left.</returns>
    /// <exception cref="Storage.StorageException">What a source reads is damaged.</exception>
    /// <exception cref="IOException">What a source reads cannot be read.</exception>
    public bool Next(out SourceChunk chunk) => _join is null ? NextMerged(out chunk) : _join.Next(this, out chunk);

    /// <summary>As <see cref="Next"/>, without joining.</summary>
    internal bool NextMerged(out SourceChunk chunk)
    {
        while (_returned == _encoder.Finished.Length)
        {
            if (_heads.Count == 0)
            {
                chunk = default;
                return false;
            }

            if (!TakeOverlapping())
            {
                chunk = _first.Chunk;
                return true;
            }

            _encoder.Start(_rules);
            _overlap.AppendTo(_encoder);
            _encoder.Complete();
            _returned = 0;
        }

        EncodedChunk encoded = _encoder.Finished[_returned++];
        chunk = new SourceChunk(encoded.MinTimeMs, encoded.MaxTimeMs, encoded.Encoding, _encoder.BytesOf(encoded));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MergeSource source in _sources)
            source.Dispose();
        _encoder.Dispose();
        _join?.Dispose();
    }

    private void Advance(int source)
    {
        MergeSource from = _sources[source];
        if (from.MoveNext())
            _heads.Push(source, from.Held.Chunk.MinTimeMs, from.Held.Chunk.MaxTimeMs);
    }

    /// <summary>
    /// Takes the earliest chunk and all that overlap it or one another, equal ones once. Those that begin later come first and it
    /// last, which has a say in which samples are kept.
    /// </summary>
    /// <returns>Whether there are any beside the first.</returns>
    private bool TakeOverlapping()
    {
        _overlap.Clear();
        int source = _heads.Pop();
        (_sources[source].Held, _first) = (_first, _sources[source].Held);
        Advance(source);
        long end = _first.Chunk.MaxTimeMs;
        HeldChunk previous = _first;
        while (_heads.Count > 0 && _heads.TopMs <= end)
        {
            source = _heads.Pop();
            MergeSource from = _sources[source];
            if (!previous.Equals(from.Held.Chunk))
            {
                _overlap.Add(from.Held.Chunk);
                end = Math.Max(end, from.Held.Chunk.MaxTimeMs);
                (from.Held, _previous) = (_previous, from.Held);
                previous = _previous;
            }

            Advance(source);
        }

        if (_overlap.Count == 0)
            return false;
        _overlap.Add(_first.Chunk);
        return true;
    }
}
