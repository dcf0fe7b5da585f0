using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// What came out of order within a time range, to be written into a block: chunks of a series that overlap are merged and cut to the
/// range.
/// </summary>
internal sealed class OutOfOrderChunkSource : IChunkSeriesSource
{
    private readonly HeadState _head;
    private readonly OutOfOrderGeneration[] _generations;
    private readonly EpochPin _pin;
    private readonly long _minTimeMs;
    private readonly long _maxTimeMs;
    private readonly uint[] _slots;
    private readonly ChunkEncoder _encoder;
    private readonly ChunkMerge _merge;
    private readonly List<OutOfOrderChunk> _chunks = [];
    private readonly List<OutOfOrderChunkRun> _runs = [];
    private readonly TimeIntervals _excluded = new();
    private byte[] _packed = new byte[512];
    private int _packedLength;
    private int _next;

    /// <summary>Takes the series of generations that are not written to any more.</summary>
    /// <param name="head">The head.</param>
    /// <param name="generations">The generations.</param>
    /// <param name="minTimeMs">The first time wanted.</param>
    /// <param name="maxTimeMs">The last time wanted, inclusive.</param>
    /// <param name="floats">How floats are encoded that are written anew.</param>
    public OutOfOrderChunkSource(
        HeadState head, OutOfOrderGeneration[] generations, long minTimeMs, long maxTimeMs, ChunkEncoding floats)
    {
        _head = head;
        _generations = generations;
        _minTimeMs = minTimeMs;
        _maxTimeMs = maxTimeMs;
        if (minTimeMs > long.MinValue)
            _excluded.Add(new TimeInterval(long.MinValue, minTimeMs - 1));
        if (maxTimeMs < long.MaxValue)
            _excluded.Add(new TimeInterval(maxTimeMs + 1, long.MaxValue));
        _encoder = new ChunkEncoder(head.Allocator);
        _merge = new ChunkMerge(head.Allocator, new ChunkMergeOptions(floats));
        _pin = head.Epochs.Pin();
        _slots = [.. generations.SelectMany(generation => generation.Slots).Distinct().Where(IsWanted)];
        _slots.AsSpan().Sort(new LabelOrder(head.Index));
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols
    {
        get
        {
            var pairs = new HashSet<uint>();
            foreach (uint slot in _slots)
            {
                foreach (uint pair in _head.Index.Series.Entry(slot).PairSpan)
                    pairs.Add(pair);
            }

            var symbols = new SortedSet<byte[]>(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
            foreach (uint pair in pairs)
            {
                symbols.Add(_head.Index.Pairs.NameOf(pair).Utf8);
                symbols.Add(_head.Index.Pairs[pair].ValueBytes.ToArray());
            }

            return symbols.Select(symbol => (ReadOnlyMemory<byte>)symbol);
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => _packed.AsSpan(0, _packedLength);

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (_next == _slots.Length)
            return false;
        uint slot = _slots[_next++];
        Pack(_head.Index.Series.Entry(slot).PairSpan);
        _chunks.Clear();
        for (int i = _generations.Length - 1; i >= 0; i--)
            _generations[i].Find(slot)?.Collect(_minTimeMs, _maxTimeMs, _encoder, _chunks);
        DivideIntoRuns();
        _merge.Start();
        foreach (OutOfOrderChunkRun run in _runs)
            _merge.Add(run, _excluded.Span);
        return true;
    }

    /// <inheritdoc/>
    public bool NextChunk(out SourceChunk chunk) => _merge.Next(out chunk);

    /// <inheritdoc/>
    public void Dispose()
    {
        _merge.Dispose();
        _encoder.Dispose();
        _head.Epochs.Unpin(_pin);
    }

    // The merge wants sources whose chunks follow one another: each chunk goes to the first one that it fits behind.
    private void DivideIntoRuns()
    {
        _runs.Clear();
        foreach (OutOfOrderChunk chunk in _chunks.OrderBy(chunk => chunk.MinTimeMs))
        {
            OutOfOrderChunkRun? run = _runs.Find(run => run.MaxTimeMs < chunk.MinTimeMs);
            if (run is null)
                _runs.Add(run = new OutOfOrderChunkRun());
            run.Add(chunk);
        }
    }

    private bool IsWanted(uint slot) =>
        Array.Exists(_generations, generation => generation.Find(slot) is { } series && series.Overlaps(_minTimeMs, _maxTimeMs));

    private void Pack(ReadOnlySpan<uint> pairs)
    {
        int length = _head.Index.Pairs.PackedLength(pairs);
        if (_packed.Length < length)
            _packed = new byte[length * 2];
        _packedLength = _head.Index.Pairs.Pack(pairs, _packed);
    }
}
