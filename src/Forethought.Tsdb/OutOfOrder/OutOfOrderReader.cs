using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// Reads series of which samples came out of order: merges those with what the head has of the series in order, each time once. Sees
/// what was there when it was opened and, of the newest generation, what is there when it comes to a series. For one thread.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="generations">What to read, taken when the query was opened.</param>
/// <param name="minTimeMs">The first time wanted.</param>
/// <param name="maxTimeMs">The last time wanted, inclusive.</param>
internal sealed class OutOfOrderReader(HeadState head, OutOfOrderGeneration[] generations, long minTimeMs, long maxTimeMs) : IDisposable
{
    // Samples that one Read brings at least, as far as there are any.
    private const int ReadTarget = 4096;

    private readonly List<OutOfOrderChunk> _chunks = [];
    private readonly SampleBatch _samples = new();
    private readonly List<int> _chunkStarts = [];
    private readonly ChunkEncoder _encoder = new(head.Allocator);
    private (long TimeMs, int Row)[] _order = [];
    private int _rows;
    private int _next;
    private bool _isMerged;

    /// <summary>Whether the current series has samples that came out of order.</summary>
    public bool HasSamples { get; private set; }

    /// <summary>Moves to a series; false when none of its samples in the range came out of order.</summary>
    public bool MoveTo(uint slot, bool copiesSamples)
    {
        _chunks.Clear();
        _isMerged = false;
        HasSamples = false;
        lock (head.ShardOf(slot).Lock)
        {
            // The oldest first.
            for (int i = generations.Length - 1; i >= 0; i--)
            {
                if (generations[i].Find(slot) is not { } series || !series.Overlaps(minTimeMs, maxTimeMs))
                    continue;
                HasSamples = true;
                if (copiesSamples)
                    series.Collect(minTimeMs, maxTimeMs, _encoder, _chunks);
            }
        }

        return HasSamples;
    }

    /// <summary>Appends the next samples of the current series, in order of time; false when there was none left.</summary>
    /// <param name="inOrder">Stands on the same series; all its chunks are read at the first call.</param>
    /// <param name="batch">Where samples go.</param>
    public bool Read(SeriesReader inOrder, SampleBatch batch)
    {
        if (!_isMerged)
            Merge(inOrder);
        int before = batch.Count;
        while (_next < _rows && batch.Count - before < ReadTarget)
            CopyRun(batch);
        return batch.Count > before;
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();

    private void Merge(SeriesReader inOrder)
    {
        _samples.Clear();
        _chunkStarts.Clear();
        _isMerged = true;
        _next = 0;
        while (inOrder.ChunksLeft > 0)
            inOrder.DecodeNext(_samples);
        foreach (OutOfOrderChunk chunk in _chunks)
        {
            _chunkStarts.Add(_samples.Count);
            ChunkDecoder.Decode(chunk.Encoding, chunk.Bytes, minTimeMs, maxTimeMs, _samples);
        }

        Sort();
    }

    // Of samples of one time the first is kept: the one that came in order, else that of the oldest chunk.
    private void Sort()
    {
        int count = _samples.Count;
        if (_order.Length < count)
            _order = new (long, int)[Math.Max(count, 2 * _order.Length)];
        for (int i = 0; i < count; i++)
            _order[i] = (_samples.TimesMs[i], i);
        _order.AsSpan(0, count).Sort();
        _rows = 0;
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || _order[i].TimeMs != _order[_rows - 1].TimeMs)
                _order[_rows++] = _order[i];
        }
    }

    private void CopyRun(SampleBatch batch)
    {
        int first = _order[_next].Row, length = 1;
        while (_next + length < _rows && _order[_next + length].Row == first + length && _chunkStarts.BinarySearch(first + length) < 0)
            length++;
        int place = batch.Count;
        batch.AddRange(_samples, first, length);
        _next += length;

        // What a chunk says of resets before a sample holds only behind the sample before it in the chunk.
        if (batch.Histograms?[place] is { CounterResetHint: not CounterResetHint.Gauge } histogram)
            histogram.CounterResetHint = CounterResetHint.Unknown;
    }
}
